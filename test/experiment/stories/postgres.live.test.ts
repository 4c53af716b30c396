import { describeStories } from './suite.js';

describeStories('postgres');

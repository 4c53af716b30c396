import { describeStories } from './suite.js';

describeStories('kafka');

import { describeStories } from './suite.js';

describeStories('redis');

import { describeStories } from './suite.js';

describeStories('bullmq');

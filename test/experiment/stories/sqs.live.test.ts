import { describeStories } from './suite.js';

describeStories('sqs');

import { describeStories } from './suite.js';

describeStories('outbox');

import { describeStories } from './suite.js';

describeStories('rabbitmq');

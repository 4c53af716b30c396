import { describeStories } from './suite.js';

describeStories('nats');

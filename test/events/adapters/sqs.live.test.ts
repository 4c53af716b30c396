import { describeBroker } from '../broker-suite.js';

await describeBroker('sqs', 3);

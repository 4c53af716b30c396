import { describeBroker } from '../broker-suite.js';

await describeBroker('rabbitmq', 1);

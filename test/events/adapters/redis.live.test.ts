import { describeBroker } from '../broker-suite.js';

await describeBroker('redis', 3);

import { describeBroker } from '../broker-suite.js';

await describeBroker('kafka', 2);

import { describeBroker } from '../broker-suite.js';

await describeBroker('postgres', 3);

import { describeBroker } from '../broker-suite.js';

await describeBroker('nats', 3);

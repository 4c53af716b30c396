import { afterAll, beforeAll, describe } from 'vitest';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { describeContract } from '../contract.js';
import { itSurvivesItsConsumer, itSurvivesItsPublisher, itSurvivesTheBroker } from '../crashes.js';

let broker: Broker | undefined;
beforeAll(async () => {
  broker = await startBroker('redis');
});
afterAll(() => broker?.stop());

const adapter = await loadAdapter('redis');
const running = (): Broker => broker as Broker;

describeContract(adapter, () => running().url);

describe('crashes of redis', () => {
  itSurvivesItsPublisher(adapter, () => running().url);
  itSurvivesItsConsumer(adapter, () => running().url, 3);
  itSurvivesTheBroker(adapter, running, 3);
});

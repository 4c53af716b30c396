import { afterAll, beforeAll, describe } from 'vitest';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { describeContract } from '../contract.js';
import { needs } from '../../support/needs.js';
import { itSurvivesItsConsumer, itSurvivesItsPublisher, itSurvivesTheBroker } from '../crashes.js';

const adapter = await loadAdapter('redis');

describe('redis', needs('redis'), () => {
  let broker: Broker | undefined;
  beforeAll(async () => {
    broker = await startBroker('redis');
  });
  afterAll(() => broker?.stop());

  const running = (): Broker => broker as Broker;

  describeContract(adapter, () => running().url);

  describe('crashes', () => {
    itSurvivesItsPublisher(adapter, () => running().url);
    itSurvivesItsConsumer(adapter, () => running().url, 3);
    itSurvivesTheBroker(adapter, running, 3);
  });
});

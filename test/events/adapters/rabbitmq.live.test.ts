import { afterAll, beforeAll, describe } from 'vitest';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { describeContract } from '../contract.js';
import { needs } from '../../support/needs.js';
import { itSurvivesItsConsumer, itSurvivesItsPublisher, itSurvivesTheBroker } from '../crashes.js';

const adapter = await loadAdapter('rabbitmq');

describe('rabbitmq', needs('rabbitmq'), () => {
  let broker: Broker | undefined;
  beforeAll(async () => {
    broker = await startBroker('rabbitmq');
  }, 60_000);
  afterAll(() => broker?.stop());

  const running = (): Broker => broker as Broker;

  describeContract(adapter, () => running().url);

  describe('crashes', () => {
    itSurvivesItsPublisher(adapter, () => running().url);
    itSurvivesItsConsumer(adapter, () => running().url, 3);
    itSurvivesTheBroker(adapter, running, 1);
  });
});

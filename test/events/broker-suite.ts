/** What every bus with a broker of its own has to pass: the contract, and the deaths of publisher, consumer and broker. */
import { afterAll, beforeAll, describe } from 'vitest';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import type { BrokerKind } from '../../src/events/buses.js';
import { loadAdapter } from '../../src/events/load-adapter.js';
import { needs } from '../support/needs.js';
import { describeContract } from './contract.js';
import { itSurvivesItsConsumer, itSurvivesItsPublisher, itSurvivesTheBroker } from './crashes.js';

/** @param kills of the broker, each of which waits for another start of it */
export async function describeBroker(kind: BrokerKind, kills: number): Promise<void> {
  const adapter = await loadAdapter(kind);
  describe(`the bus on ${kind}`, needs(kind), () => {
    let broker: Broker | undefined;
    beforeAll(async () => {
      broker = await startBroker(kind);
    });
    afterAll(() => broker?.stop());

    const running = (): Broker => broker as Broker;

    describeContract(kind, adapter, () => running().url);

    describe('crashes', () => {
      itSurvivesItsPublisher(kind, adapter, () => running().url);
      itSurvivesItsConsumer(kind, adapter, () => running().url, 3);
      itSurvivesTheBroker(adapter, running, kills);
    });
  });
}

/** What is known of SQS without one. */
import { describe, expect, it } from 'vitest';
import { nameOf, newClient } from '../../../src/events/adapters/sqs-connection.js';
import { fitting, messageOf } from '../../../src/events/adapters/sqs-messages.js';
import { eventOf } from '../fixtures.js';

describe('the name of a queue', () => {
  it('is that of its topic and consumer', () => {
    expect(nameOf('sync-vs-events-1a2b-orders-for-email')).toBe('sync-vs-events-1a2b-orders-for-email.fifo');
  });

  it('has no more than 80 characters, all of which SQS takes, and stays another one for each consumer', () => {
    const names = ['a', 'b'].map((last) => nameOf(`${'long-'.repeat(20)}${last}`)).concat(nameOf('loyalty points'), nameOf('loyalty_points'));
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,75}\.fifo$/);
  });
});

describe('a call', () => {
  const messages = (count: number, payload: number) => Array.from({ length: count }, (_, request) => messageOf(eventOf(request, 0, payload)));

  it('carries ten events, or as many as have 1 MiB together, and one that is larger alone', () => {
    expect(fitting(messages(3, 0))).toBe(3);
    expect(fitting(messages(25, 0))).toBe(10);
    expect(fitting(messages(10, 300_000))).toBe(3);
    expect(fitting(messages(2, 2_000_000))).toBe(1);
  });
});

describe('the region', () => {
  it.each([
    ['https://sqs.eu-central-1.amazonaws.com', 'eu-central-1'],
    ['https://vpce-1a-2b.sqs.us-west-2.vpce.amazonaws.com', 'us-west-2'],
    ['https://sqs.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['http://localhost:9324?region=eu-west-1', 'eu-west-1'],
  ])('of %s is %s', async (address, region) => {
    expect(await newClient(address).config.region()).toBe(region);
  });
});

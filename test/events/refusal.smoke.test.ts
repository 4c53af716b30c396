import { describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { BusRefusal, openBus, reasonOf, type Opening } from '../../src/events/refusal.js';

const URL_OF_MINE = 'nats://me:geheim@h:4222';
const refuse = (message: string) => (): Promise<never> => Promise.reject(new Error(message));

async function refused(open: (opening: Opening) => Promise<Bus>): Promise<BusRefusal> {
  const error: unknown = await openBus('nats', URL_OF_MINE, open).catch((reason: unknown) => reason);
  if (!(error instanceof BusRefusal)) throw new Error('Nothing was refused');
  return error;
}

describe('openBus', () => {
  it('closes what it opened when a later step is refused, the last thing first, and says which step and why', async () => {
    const closed: string[] = [];
    const error = await refused(async ({ step, opened }) => {
      opened('connection', (thing) => closed.push(thing));
      opened('channel', (thing) => {
        closed.push(thing);
        throw new Error('is broken anyway');
      });
      await step('create', refuse('JetStream not enabled.\n'));
      return memoryBus();
    });
    expect(closed).toEqual(['channel', 'connection']);
    expect(error).toMatchObject({ bus: 'nats', call: 'create' });
    expect(error.message).toBe(
      'The NATS server at nats://me:***@h:4222 refuses to create what a topic needs: JetStream not enabled. ' +
        'It needs JetStream (nats-server -js) with room for streams in the account, and the rights to publish to $JS.API.> and $JS.ACK.>',
    );
  });

  it('tells nobody there from nobody let in', async () => {
    const at = (message: string) => refused(async ({ step }) => step('connect', refuse(message)));
    expect((await at('connect ECONNREFUSED 127.0.0.1:4222')).message).toBe('No NATS server answers at nats://me:***@h:4222: connect ECONNREFUSED 127.0.0.1:4222');
    expect(await at("'Authorization Violation'")).toMatchObject({ call: 'authenticate' });
    expect((await at('self-signed certificate')).message).toContain('?tlsca=FILE');
  });

  it('gives up a broker that says nothing, and closes what comes late', async () => {
    const closed: string[] = [];
    let answer: (thing: string) => void = () => {};
    const opening = openBus('nats', URL_OF_MINE, async ({ step, opened }) => {
      await step('connect', async () => opened(await new Promise<string>((resolve) => (answer = resolve)), (thing) => closed.push(thing)));
      return memoryBus();
    }, 0);
    await expect(opening).rejects.toThrow('No NATS server answers at nats://me:***@h:4222: no answer within 0 s');
    answer('connection');
    await Promise.resolve();
    await expect.poll(() => closed).toEqual(['connection']);
  });

  it('keeps open what was opened', async () => {
    const closed: string[] = [];
    await openBus('nats', URL_OF_MINE, async ({ step, opened }) => {
      await step('connect', async () => opened('connection', (thing) => closed.push(thing)));
      return memoryBus();
    });
    expect(closed).toEqual([]);
  });
});

describe('reasonOf', () => {
  it.each([
    [new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('other')]), 'connect ECONNREFUSED ::1:1'],
    [Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
    [new Error('Refused by the broker', { cause: new Error('403') }), 'Refused by the broker: 403'],
    [new Error('No: 403', { cause: new Error('403') }), 'No: 403'],
    ['text\n  over lines', 'text over lines'],
    [new Error(''), 'no reason was given'],
  ])('of %o is %s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});

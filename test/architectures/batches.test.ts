/** Consumers that make one call for several messages, in virtual time. */
import { describe, expect, it } from 'vitest';
import { Batches } from '../../src/architectures/batches.js';
import { realClock, type Clock } from '../../src/base/clock.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { mistakes, parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { consumer, event, service } from './orders.js';
import { openVirtualPlace, type VirtualPlace } from './virtual-place.js';

const batch = { size: 3, wait: 50 };

function place(change: Parameters<typeof consumer>[1], errors = 0): Promise<VirtualPlace> {
  return openVirtualPlace({ architecture: 'hybrid', event: event([consumer('mail', { workers: 1, batch, ...change })]), services: [service('mail', 10, { errors })] });
}

const callsOf = (made: VirtualPlace): [number, number][] => made.calls('mail').map(({ request, from }) => [request, from]);

describe('a consumer with batches', () => {
  it('makes one call as soon as there are enough, and for the others when the first has waited for long enough', async () => {
    const made = await place({});
    await made.order(0, 1, 2, 3, 4);
    expect(await made.drain()).toBe(60);
    expect(callsOf(made)).toEqual([[0, 0], [3, 50]]);
    expect(made.recorded('processed')).toHaveLength(5);
    expect(made.arrangement.parts.steps[0]!.report).toMatchObject({ calls: 2, ok: 5 });
  });

  it('has no more calls under way than workers, and takes as many as there may be when one is free', async () => {
    const made = await place({ batch: { size: 3, wait: 2 } });
    await made.order(0);
    await made.clock.advance(4);
    await made.order(1, 2, 3, 4);
    expect(await made.drain()).toBe(32);
    // The first waits for 2 ms, the others for its end.
    expect(callsOf(made)).toEqual([[0, 2], [1, 12], [4, 22]]);
  });

  it('has all of them delivered again when a call fails, and given up in the end', async () => {
    const made = await place({ attempts: 2, backoff: 5 }, 1);
    await made.order(0, 1, 2);
    await made.rest();
    expect(callsOf(made)).toEqual([[0, 0], [0, 15]]);
    expect([made.recorded('failed').length, made.recorded('deadLettered').length]).toEqual([6, 3]);
  });

  it('makes no call for requests that need none', async () => {
    const made = await place({ share: 0 });
    await made.order(0, 1);
    expect([await made.drain(), made.received('mail')]).toEqual([0, 0]);
  });
});

describe('a batch on a clock whose timers may be early', () => {
  it('is looked for again until the first has waited for long enough', async () => {
    // As Node's are: the first look is half a ms before its moment.
    let now = 0;
    const due: { moment: number; run: () => void }[] = [];
    const clock: Clock = { ...realClock, now: () => now, at: (moment, run) => (due.push({ moment, run }), () => {}) };
    const calls: number[] = [];
    const batches = new Batches({ size: 3, wait: 50, workers: 1 }, async (request) => void calls.push(request), clock, 0);
    const joined = batches.join(7, 0);
    for (const early of [0.5, 0]) {
      const { moment, run } = due.shift()!;
      now = moment - early;
      run();
    }
    await joined;
    expect([calls, now]).toEqual([[7], 50]);
  });
});

/** 100 orders a second, of which one worker could do 50 one by one. */
const SCENARIO = parse(`
services: { users: 5ms, mail: { latency: 20ms, workers: 1 } }
steps: [users!, mail]
event: { consumers: { mail: { workers: 1, batch: { size: 10, wait: 40ms } } } }
variants: { one-by-one: { architecture: hybrid, event: { consumers: { mail: { batch: none } } } } }
`);

describe('more events than a worker could do one by one', () => {
  const trial = (name: string) => trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 100 }, duration: 1000, timeout: 10_000, drain: 500 });

  it('are done in batches: of four, since the first waits no longer than 40 ms', async () => {
    const { events, steps } = simulateTrial(trial('hybrid'));
    expect([events!.processed, events!.pending, steps.mail!.calls]).toEqual([100, 0, 25]);
    expect(simulateTrial(trial('one-by-one')).events!.pending).toBeGreaterThan(20);
    expect(differences(await liveTrial(trial('hybrid')), simulateTrial(trial('hybrid')))).toEqual([]);
  });
});

describe('a batch in a scenario', () => {
  const withConsumer = (mail: string): string[] => mistakes(`services: { mail: 1ms }\nsteps: [mail]\nevent: { consumers: { mail: ${mail} } }\n`);

  it.each([
    ['{ batch: { size: 1, wait: 1s } }', 'my.yaml:3:46: event.consumers.mail.batch.size: expected a whole number from 2 to 100000, got 1'],
    ['{ batch: { size: 5 } }', 'my.yaml:3:31: event.consumers.mail.batch.wait: is missing in a batch'],
    ['{ batch: { size: 5, wait: 1s }, times: 3 }', 'my.yaml:3:38: event.consumers.mail.batch: expected no batch beside several calls for one message: say `times: 1` of this consumer'],
  ])('is refused where it cannot be meant: %s', (mail, line) => {
    expect(withConsumer(mail)).toEqual([line]);
  });
});

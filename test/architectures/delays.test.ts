/** Consumers that begin with a message some time after its publish, in virtual time. */
import { describe, expect, it } from 'vitest';
import { refuseDelays } from '../../src/cli/delays.js';
import { doubtsAbout } from '../../src/scenarios/doubts/doubts.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { mistakes, parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { consumer, event, service } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

describe('a consumer with a delay', () => {
  const services = [service('mail', 10)];

  it('begins so long after the publish, and holds no worker until then', async () => {
    const late = consumer('late', { call: 'mail', workers: 1, delay: 100 });
    const place = await openVirtualPlace({ architecture: 'hybrid', event: event([consumer('mail', { workers: 1 }), late]), services });
    await place.order(0, 1);
    expect(await place.drain()).toBe(120);
    expect(place.calls('mail').map(({ from }) => from)).toEqual([0, 10, 100, 110]);
  });

  it('delays the first delivery alone', async () => {
    const place = await openVirtualPlace({
      architecture: 'hybrid', event: event([consumer('mail', { delay: 100, attempts: 2, backoff: 5 })]), services: [service('mail', 10, { errors: 1 })],
    });
    await place.order(0);
    await place.rest();
    expect(place.calls('mail').map(({ from }) => from)).toEqual([100, 115]);
    expect(place.recorded('deadLettered')).toEqual(['mail']);
  });

  it('waits for no message of a request that it has nothing to do for', async () => {
    const late = consumer('late', { call: 'mail', workers: 1, delay: 100, share: 1e-9 });
    const place = await openVirtualPlace({ architecture: 'hybrid', event: event([late]), services });
    await place.order(0, 1);
    expect(await place.drain()).toBe(0);
    expect(place.calls('mail')).toEqual([]);
    expect(place.recorded('processed')).toEqual(['late', 'late']);
  });
});

const SCENARIO = parse(`
services: { users: 5ms, mail: 20ms }
steps: [users!, mail]
event: { consumers: { reminder: { call: mail, workers: 1, delay: 300ms } } }
load: { drain: 200ms }
`);

describe('lag and backlog of a consumer with a delay', () => {
  const trial = trialOf(subjectOf(SCENARIO, 'hybrid')!, { load: { model: 'open', rate: 100 }, duration: 1000, timeout: 10_000, drain: 200 });
  const { events } = simulateTrial(trial);

  it('count from when a message is due', () => {
    const { reminder, mail } = events!.consumers;
    expect(mail!.lag.max).toBe(0);
    // One worker does 50 of 100 a second: what was due after 305 ms has waited for half a second at the end of the window.
    expect(reminder!.backlog.end).toBe(36);
    // The trial is over 200 ms after the last reply: of those that are due then, the next to begin has been so for 445 ms.
    expect(reminder!.lag.max).toBe(445);
    expect(events!.completionTime.max).toBeGreaterThan(300);
  });

  it('are the same, live and simulated', async () => {
    expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
  });
});

describe('a consumer with a delay and a share', () => {
  const scenario = parse(`
services: { users: 5ms, mail: 20ms }
steps: [users!, mail]
event: { consumers: { mail: { share: 1% }, reminder: { call: mail, workers: 20, delay: 300ms, share: 30% } } }
load: { drain: 400ms }
`);
  const alone = parse(`
services: { users: 5ms, mail: 20ms }
steps: [users!, { call: mail, share: 30% }]
event: { consumers: { mail: { delay: 300ms } } }
load: { drain: 400ms }
`);
  const trials = [scenario, alone].map((one) => trialOf(subjectOf(one, 'hybrid')!, { load: { model: 'open', rate: 100 }, duration: 1000, timeout: 10_000, drain: 400 }));

  it.each(trials)('lets requests outside the share complete with their reply: $subject.event.consumers.0.name', (trial) => {
    const { completionTime, lag, backlog } = simulateTrial(trial).events!;
    expect(completionTime.p50).toBeCloseTo(5, 0);
    expect(completionTime.max).toBeCloseTo(325, 0);
    expect([lag.max, backlog.peak > 0]).toEqual([0, true]);
  });

  it.each(trials)('is the same, live and simulated', async (trial) => {
    expect(differences(await liveTrial(trial), simulateTrial(trial))).toEqual([]);
  });
});

describe('a delay in a scenario', () => {
  it('is doubted where nobody waits for it', () => {
    expect(doubtsAbout(SCENARIO).map(({ message }) => message)).toContain(
      'reminder is due 300ms after its event, and what is left is waited for 200ms: what is published last stays pending',
    );
  });

  it('is a duration', () => {
    const text = 'services: { a: 1ms }\nsteps: [a]\nevent: { consumers: { a: { delay: 5 } } }\n';
    expect(mistakes(text)[0]).toMatch(/^my\.yaml:3:\d+: event\.consumers\.a\.delay: expected a duration from 0ms to .*, got 5; did you mean "5s"\?$/);
  });

  it('is refused on a bus of another process', () => {
    const subjects = [subjectOf(SCENARIO, 'hybrid')!];
    expect(() => refuseDelays(subjects, { name: 'memory' })).not.toThrow();
    expect(() => refuseDelays(subjects, { name: 'nats' })).toThrow(
      'reminder begins 300ms after its event (event.consumers.reminder.delay), which the memory bus can do and --bus nats cannot: leave out one of them.',
    );
  });
});

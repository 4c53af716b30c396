import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClosedModel, entryOffset, presenceOf, RECONNECT_DELAY_MS, type Users } from '../../src/load/closed.js';
import type { Opener } from '../../src/load/model.js';
import { peakOf } from '../../src/scenarios/load.js';
import { RunningWindow } from '../../src/load/window.js';
import { fakeClock, type FakeClock } from './fake-clock.js';
import { cases } from '../support/properties.js';

const WINDOW = { beginAt: 0, startAt: 0, endAt: 1000 };

/** Users whose requests are answered after `service` ms; the intended starts, by user. */
function started(users: Users, service: number, clock: FakeClock, reached = true, window = WINDOW): number[][] {
  const starts: number[][] = [];
  const open: Opener = (done) => {
    const own: number[] = [];
    starts.push(own);
    const sender = {
      send(intendedAt: number) {
        own.push(intendedAt);
        clock.at(clock.now() + service, () => done(sender, reached));
      },
    };
    return sender;
  };
  const model = new ClosedModel(users, window, clock, open);
  model.start();
  clock.advanceTo(5000);
  expect(model.upcoming).toBe(false);
  return starts;
}

/** The first requests of users, which are never answered, in the order sent. */
function firstOf(users: Users, window: typeof WINDOW): { intendedAt: number; sentAt: number }[] {
  const clock = fakeClock();
  const sent: { intendedAt: number; sentAt: number }[] = [];
  const model = new ClosedModel(users, window, clock, () => ({ send: (intendedAt) => void sent.push({ intendedAt, sentAt: clock.now() }) }));
  model.start();
  clock.advanceTo(5000);
  return sent;
}

describe('users', () => {
  it('enter evenly over the entry', () => {
    expect([0, 1, 2, 3].map((user) => entryOffset(user, { users: 4, entry: 100 }))).toEqual([0, 25, 50, 75]);
  });

  it('send again when answered, until the window is over', () => {
    const starts = started({ users: 2, entry: 100, think: 0 }, 300, fakeClock());
    expect(starts).toEqual([
      [0, 300, 600, 900],
      [50, 350, 650, 950],
    ]);
  });

  it('pause after each answer', () => {
    expect(started({ users: 1, entry: 0, think: 200 }, 300, fakeClock())).toEqual([[0, 500]]);
  });

  it('are ready when the pause ends, even if the timer is late', () => {
    const starts = started({ users: 1, entry: 0, think: 200 }, 300, fakeClock(7))[0] ?? [];
    // Woken at 7, answered 307 later, ready 200 after that.
    expect(starts).toEqual([0, 7 + 307 + 200]);
  });

  it('wait before they try a refused connection again', () => {
    const starts = started({ users: 1, entry: 0, think: 0 }, 0, fakeClock(), false)[0] ?? [];
    expect(starts).toEqual(Array.from({ length: 1000 / RECONNECT_DELAY_MS }, (_, i) => i * RECONNECT_DELAY_MS));
  });

  it('do not enter after the end of the window', () => {
    expect(started({ users: 4, entry: 4000, think: 0 }, 2000, fakeClock())).toEqual([[0]]);
  });

  it('start nothing more when stopped', () => {
    const clock = fakeClock();
    const starts: number[] = [];
    const open: Opener = (done) => {
      const sender = {
        send(at: number) {
          starts.push(at);
          clock.at(clock.now() + 10, () => done(sender, true));
        },
      };
      return sender;
    };
    const model = new ClosedModel({ users: 3, entry: 300, think: 20 }, WINDOW, clock, open);
    model.start();
    clock.advanceTo(35);
    model.stop();
    clock.advanceTo(2000);
    expect(starts).toEqual([0, 30]);
    expect(model.upcoming).toBe(false);
  });

  it('come and go with the level, those of the beginning before the window', () => {
    const ramp = { from: 2, stages: [{ duration: 500, target: 4 }, { duration: 500, target: 0 }] };
    const window = { beginAt: 0, startAt: 400, endAt: 1400 };
    const starts = started({ users: 4, entry: 200, think: 0, ramp }, 150, fakeClock(), true, window);
    expect(starts.map((own) => own.map((at) => at - window.startAt))).toEqual([
      // The last ones stay to the end: the level is 0 only there.
      [-400, -250, -100, 50, 200, 350, 500, 650, 800, 950],
      [-300, -150, 0, 150, 300, 450, 600, 750],
      // The third comes with a level above 2 and goes when it is there again, after its answer.
      [0, 150, 300, 450, 600],
      [250, 400, 550],
    ]);
  });

  it('whom a ramp brings are sent on time, however many of the first are still to enter', () => {
    // Of the first one enters at 0 and the other at 45; the ramp brings a third at 0, and a fourth at 10.
    const users = { users: 4, entry: 90, think: 0, ramp: { from: 2, stages: [{ duration: 20, target: 4 }, { duration: 1000, target: 4 }] } };
    expect(firstOf(users, { beginAt: 0, startAt: 0, endAt: 100 })).toEqual([0, 0, 10, 45].map((at) => ({ intendedAt: at, sentAt: at })));
  });

  it('are all first sent at the moment at which they are there, whatever the ramp and the entry', () => {
    const level = fc.nat(6);
    const stage = fc.record({ duration: fc.integer({ min: 1, max: 300 }), target: level });
    const ramps = fc.record({ from: level, stages: fc.array(stage, { minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.option(ramps), fc.nat(400), fc.nat(200), (ramp, entry, warmup) => {
        const users: Users = { users: ramp ? peakOf(ramp) : 5, entry, think: 0, ...(ramp && { ramp }) };
        const window = { beginAt: 50, startAt: 50 + warmup, endAt: 650 + warmup };
        const presence = presenceOf(users, window);
        const moments = Array.from({ length: users.users }, (_, user) => presence(user, window.beginAt));
        const due = moments.filter((at) => at < window.endAt).toSorted((a, b) => a - b);
        expect(firstOf(users, window)).toEqual(due.map((at) => ({ intendedAt: at, sentAt: at })));
      }),
    );
  });

  it('of a ramp come with the window when it begins earlier than planned, and those go who are not there any more', () => {
    const clock = fakeClock();
    const sent: [number, number, number][] = [];
    let users = 0;
    const open: Opener = (done) => {
      const user = users++;
      const sender = {
        send(intendedAt: number) {
          sent.push([user, intendedAt, clock.now()]);
          clock.at(clock.now() + 10, () => done(sender, true));
        },
      };
      return sender;
    };
    const window = new RunningWindow(0, { startAt: 60_000, endAt: 60_300 }, clock, () => {});
    const rise = [{ duration: 100, target: 3 }, { duration: 100, target: 3 }];
    const rising = new ClosedModel({ users: 3, entry: 0, think: 190, ramp: { from: 1, stages: rise } }, window, clock, open);
    rising.start();
    clock.advanceTo(250);
    window.begin(50);
    rising.moved();
    clock.advanceTo(100_000);
    expect(sent.map(([user, , at]) => [user, at])).toEqual([[0, 0], [0, 200], [1, 300], [2, 350], [0, 400], [1, 500], [2, 550]]);
    expect(sent.filter(([, intendedAt, at]) => intendedAt !== at)).toEqual([]);
    expect(rising.upcoming).toBe(false);
  });

  it('who think while the window comes nearer are asked anew whether they are there', () => {
    const clock = fakeClock();
    const sent: number[] = [];
    const open: Opener = (done) => {
      const sender = {
        send(intendedAt: number) {
          sent.push(intendedAt);
          clock.at(clock.now() + 10, () => done(sender, true));
        },
      };
      return sender;
    };
    const window = new RunningWindow(0, { startAt: 60_000, endAt: 61_000 }, clock, () => {});
    // Gone from the start of the window on, and back 500 ms later.
    const ramp = { from: 1, stages: [{ duration: 0, target: 0 }, { duration: 500, target: 0 }, { duration: 0, target: 1 }, { duration: 500, target: 1 }] };
    const model = new ClosedModel({ users: 1, entry: 0, think: 490, ramp }, window, clock, open);
    model.start();
    clock.advanceTo(250);
    window.begin(150);
    model.moved();
    clock.advanceTo(100_000);
    expect(sent).toEqual([0, 900]);
  });

  it('stop at the end of the window, also when it comes earlier than planned', () => {
    const clock = fakeClock();
    const window = { ...WINDOW };
    const starts: number[] = [];
    const open: Opener = (done) => {
      const sender = {
        send(at: number) {
          starts.push(at);
          clock.at(clock.now() + 100, () => done(sender, true));
        },
      };
      return sender;
    };
    const model = new ClosedModel({ users: 1, entry: 0, think: 50 }, window, clock, open);
    model.start();
    clock.advanceTo(420);
    window.endAt = 440;
    model.moved();
    clock.advanceTo(2000);
    expect(starts).toEqual([0, 150, 300]);
    expect(model.upcoming).toBe(false);
  });

  it('each have one request in flight, whatever the times', () => {
    const times = { users: fc.integer({ min: 1, max: 20 }), entry: fc.nat(500), think: fc.nat(50) };
    fc.assert(
      fc.property(fc.record(times), fc.integer({ min: 1, max: 400 }), fc.nat(5), (users, service, late) => {
        for (const starts of started(users, service, fakeClock(late))) {
          starts.slice(1).forEach((at, i) => expect(at - (starts[i] ?? 0)).toBeGreaterThan(service - 1e-9));
          for (const at of starts) expect(at).toBeLessThan(WINDOW.endAt);
        }
      }),
      { numRuns: cases(50) },
    );
  });
});

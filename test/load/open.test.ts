import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../src/load/arrival-times.js';
import type { Done, Sender } from '../../src/load/model.js';
import { MOST_CONNECTIONS, OpenModel } from '../../src/load/open.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import { fakeClock } from './fake-clock.js';

/** An open model on a still clock: what was sent, when, and over which connection. */
function open(rate: number, options: { service: number; lateness?: number | (() => number); endAt?: number }) {
  const clock = fakeClock(options.lateness);
  const sent: { intendedAt: number; at: number; connection: number }[] = [];
  const refused: number[] = [];
  let connections = 0;
  const opener = (done: Done): Sender => {
    const connection = connections++;
    const sender = {
      send(intendedAt: number) {
        sent.push({ intendedAt, at: clock.now(), connection });
        clock.at(clock.now() + options.service, () => done(sender, true));
      },
    };
    return sender;
  };
  const arrivals = arrivalsOf({ model: 'open', rate, arrivals: 'even' }, 1, 0);
  const window = { beginAt: 100, startAt: 100, endAt: options.endAt ?? 200 };
  const model = new OpenModel(arrivals, window, clock, opener, (at) => refused.push(at));
  model.start();
  return { clock, model, sent, refused, connections: () => connections };
}

describe('an open model', () => {
  it('sends each arrival at its moment, whether or not the last was answered', () => {
    const { clock, model, sent } = open(100, { service: 1000 });
    clock.advanceTo(3000);
    expect(sent.map(({ at }) => at)).toEqual([100, 110, 120, 130, 140, 150, 160, 170, 180, 190]);
    expect(model.upcoming).toBe(false);
  });

  it('uses idle connections before it opens another, the one used last first', () => {
    const { clock, sent } = open(100, { service: 15 });
    clock.advanceTo(3000);
    expect(sent.map(({ connection }) => connection)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('keeps the place in the schedule of what it sends late', () => {
    const { clock, sent } = open(100, { service: 5, lateness: 25 });
    clock.advanceTo(3000);
    expect(sent).toHaveLength(10);
    expect(sent.slice(0, 4)).toMatchObject([
      { intendedAt: 100, at: 125 },
      { intendedAt: 110, at: 125 },
      { intendedAt: 120, at: 125 },
      { intendedAt: 130, at: 155 },
    ]);
  });

  it('sends evenly at 200 a second, over a clock that wakes late as the metronome does, and lets no lateness add up', () => {
    const draws = drawsOf(1, 'lateness');
    let woken = 0;
    // Up to 0.2 ms late, and now and then 0.45.
    const lateness = (): number => (++woken % 40 === 0 ? 0.45 : 0.2 * draws(woken, 0, 'jitter'));
    const { clock, sent } = open(200, { service: 300, lateness, endAt: 10_100 });
    clock.advanceTo(11_000);
    expect(sent).toHaveLength(2000);
    expect(sent.map(({ intendedAt }) => intendedAt)).toEqual(sent.map((_, i) => 100 + i * 5));
    const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0));
    const off = gaps.map((gap) => Math.abs(gap - 5) / 5).toSorted((a, b) => a - b);
    expect(off[Math.ceil(off.length * 0.99) - 1]).toBeLessThan(0.1);
    expect(Math.max(...sent.map(({ at, intendedAt }) => at - intendedAt))).toBeLessThan(0.46);
  });

  it('books what finds no connection', () => {
    const more = 5;
    const { clock, sent, refused, connections } = open(1000, { service: 1e9, endAt: 100 + MOST_CONNECTIONS + more });
    clock.advanceTo(100 + MOST_CONNECTIONS + more);
    expect(connections()).toBe(MOST_CONNECTIONS);
    expect(sent).toHaveLength(MOST_CONNECTIONS);
    expect(refused).toEqual(Array.from({ length: more }, (_, i) => 100 + MOST_CONNECTIONS + i));
  });

  it('starts nothing more when stopped', () => {
    const { clock, model, sent } = open(100, { service: 1 });
    clock.advanceTo(115);
    model.stop();
    clock.advanceTo(3000);
    expect(sent).toHaveLength(2);
    expect(model.upcoming).toBe(false);
  });

  it('begins its schedule anew where the window begins earlier than planned', () => {
    const clock = fakeClock();
    const sent: number[] = [];
    const opener = (done: Done): Sender => {
      const sender = {
        send(intendedAt: number) {
          sent.push(intendedAt);
          clock.at(clock.now(), () => done(sender, true));
        },
      };
      return sender;
    };
    const arrivals = arrivalsOf({ model: 'open', rate: 10, arrivals: 'even' }, 1, 1000);
    const window = { beginAt: 0, startAt: 1000, endAt: 1300 };
    const model = new OpenModel(arrivals, window, clock, opener, () => {});
    model.start();
    clock.advanceTo(250);
    Object.assign(window, { startAt: 350, endAt: 650 });
    model.moved();
    clock.advanceTo(3000);
    expect(sent).toEqual([0, 100, 200, 300, 350, 450, 550]);
    expect(model.upcoming).toBe(false);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Station, type Job } from '../../src/services/station.js';

interface Numbered extends Job {
  number: number;
}

function stationWith(workers: number, queue: number) {
  const clock = { at: 0 };
  const started: number[] = [];
  const station = new Station<Numbered>({ workers, queue }, (job) => started.push(job.number) > 0, () => clock.at);
  const arrive = (number: number, isLast = false): boolean => station.arrive({ number, place: null, isLast });
  return { clock, started, station, arrive };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

describe('workers and queue', () => {
  it('never has a 21st call in progress with 20 workers', () => {
    const { station, arrive, started } = stationWith(20, Infinity);
    for (const number of range(100)) expect(arrive(number)).toBe(true);
    expect(station.now).toEqual({ inProgress: 20, queue: 80 });
    for (let ended = 0; ended < 100; ended++) station.end();
    expect(station.peak).toEqual({ inProgress: 20, queue: 80 });
    expect(started).toEqual(range(100));
    expect(station.now).toEqual({ inProgress: 0, queue: 0 });
  });

  it('turns the 71st away with 20 workers and a queue of 50', () => {
    const { station, arrive } = stationWith(20, 50);
    const taken = range(75).map((number) => arrive(number));
    expect(taken.slice(0, 70)).not.toContain(false);
    expect(taken.slice(70)).not.toContain(true);
    station.end();
    expect(arrive(75)).toBe(true);
    expect(arrive(76)).toBe(false);
  });

  it('holds nobody with a queue of 0', () => {
    const { arrive } = stationWith(1, 0);
    expect([arrive(1), arrive(2)]).toEqual([true, false]);
  });

  it('never queues without a limit to its workers', () => {
    const { station, arrive } = stationWith(Infinity, 0);
    range(1000).forEach((number) => arrive(number));
    expect(station.now).toEqual({ inProgress: 1000, queue: 0 });
  });

  it('lets only those leave who wait', () => {
    const { station, started } = stationWith(1, 5);
    const jobs: Numbered[] = range(3).map((number) => ({ number, place: null, isLast: false }));
    for (const job of jobs) station.arrive(job);
    expect(jobs.map((job) => station.leave(job))).toEqual([false, true, true]);
    expect(station.now).toEqual({ inProgress: 1, queue: 0 });
    station.end();
    expect(started).toEqual([0]);
  });

  it('takes up what is last when nothing else waits, and no sooner', () => {
    const { station, arrive, started } = stationWith(1, 5);
    const order: [number, boolean][] = [[0, true], [1, true], [2, false], [3, true], [4, false]];
    for (const [number, isLast] of order) arrive(number, isLast);
    expect(station.now).toEqual({ inProgress: 1, queue: 4 });
    for (let ended = 0; ended < 5; ended++) station.end();
    expect(started).toEqual([0, 2, 4, 1, 3]);
  });

  it('turns away whoever comes to a full queue, and lets anybody leave it', () => {
    const { station } = stationWith(1, 2);
    const jobs: Numbered[] = range(4).map((number) => ({ number, place: null, isLast: number < 3 }));
    expect(jobs.map((job) => station.arrive(job))).toEqual([true, true, true, false]);
    expect(station.leave(jobs[1]!)).toBe(true);
    expect(station.arrive(jobs[3]!)).toBe(true);
    expect(station.now).toEqual({ inProgress: 1, queue: 2 });
  });

  it('keeps its limits and its order under any arrivals and ends', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(6), fc.array(fc.boolean(), { maxLength: 200 }), (extra, queue, arrivals) => {
        const workers = extra + 1;
        const { station, arrive, started } = stationWith(workers, queue);
        const taken: number[] = [];
        for (const [number, arrival] of arrivals.entries()) {
          if (!arrival) {
            if (station.now.inProgress > 0) station.end();
          } else if (arrive(number)) taken.push(number);
          expect(station.now.inProgress).toBeLessThanOrEqual(workers);
          expect(station.now.queue).toBeLessThanOrEqual(queue);
          // A worker is never idle while a call waits.
          expect(station.now.queue > 0 && station.now.inProgress < workers).toBe(false);
        }
        expect(started).toEqual(taken.slice(0, started.length));
      }),
    );
  });
});

describe('busy time', () => {
  it('counts workers times time, within the window only', () => {
    const { clock, station, arrive } = stationWith(2, Infinity);
    station.observe({ startAt: 100, endAt: 200 });
    arrive(1);
    clock.at = 150;
    arrive(2);
    clock.at = 160;
    station.end();
    expect(station.busyTime()).toBe(50 + 2 * 10);
    clock.at = 300;
    expect(station.busyTime()).toBe(50 + 2 * 10 + 40);
    station.end();
    clock.at = 400;
    expect(station.busyTime()).toBe(110);
  });
});

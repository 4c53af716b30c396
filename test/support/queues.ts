/**
 * A little closed queueing network in virtual time, so that made-up records look like measured ones: bounded workers,
 * queues in order of arrival, call timeouts after which the service still finishes its work, consumers after the reply.
 */
import { OUTCOMES } from '../../src/load/load.js';

export interface Station {
  name: string;
  ms: number;
  workers: number;
}

export interface Network {
  users: number;
  /** Called one after another before the reply. */
  chain: Station[];
  /** Do their work after the reply. */
  consumers: Station[];
  callTimeout: number;
  warmup: number;
  duration: number;
  seed: number;
}

/** What one station saw of measured requests. */
export interface Seen {
  queueTimes: number[];
  serviceTimes: number[];
  failed: number;
  busy: number;
  peak: number;
}

export interface Run {
  start: number[];
  time: number[];
  outcome: number[];
  seen: Map<string, Seen>;
  /** Per consumer: publish, start and end of every measured event. */
  events: Map<string, { publishedAt: number; startedAt: number; endedAt: number }[]>;
}

/** Runs the network until every request has been answered and every event been processed. */
export function run(network: Network): Run {
  const { chain, consumers, users, warmup, duration } = network;
  const agenda = new Agenda();
  const random = randomOf(network.seed);
  const stations = new Map(
    [...chain, ...consumers].map((station) => [station.name, new Workers(station, agenda, random)]),
  );
  const result: Run = { start: [], time: [], outcome: [], seen: new Map(), events: new Map() };
  for (const { name } of consumers) result.events.set(name, []);

  const finish = (startedAt: number, outcome: (typeof OUTCOMES)[number]): void => {
    result.start.push(startedAt);
    result.time.push(agenda.now - startedAt);
    result.outcome.push(OUTCOMES.indexOf(outcome));
    if (agenda.now < duration) order();
  };
  const publish = (startedAt: number): void => {
    for (const { name } of consumers) {
      const publishedAt = agenda.now;
      stations.get(name)?.call(startedAt >= 0, (begunAt) => {
        if (startedAt >= 0) result.events.get(name)?.push({ publishedAt, startedAt: begunAt, endedAt: agenda.now });
      });
    }
  };
  const order = (): void => {
    const startedAt = agenda.now;
    const step = (position: number): void => {
      const station = chain[position];
      if (!station) {
        publish(startedAt);
        return finish(startedAt, 'ok');
      }
      let over = false;
      const settle = (ok: boolean): void => {
        if (over) return;
        over = true;
        if (ok) return step(position + 1);
        const seen = stations.get(station.name)?.seen;
        if (seen && startedAt >= 0) seen.failed++;
        finish(startedAt, 'http5xx');
      };
      stations.get(station.name)?.call(startedAt >= 0, () => settle(true));
      agenda.at(agenda.now + network.callTimeout, () => settle(false));
    };
    step(0);
  };
  const cycle = chain.reduce((sum, station) => sum + station.ms, 0);
  for (let user = 0; user < users; user++) agenda.at(-warmup + (user * cycle) / users, order);
  agenda.run();
  for (const [name, workers] of stations) result.seen.set(name, workers.seen);
  return result;
}

class Workers {
  readonly seen: Seen = { queueTimes: [], serviceTimes: [], failed: 0, busy: 0, peak: 0 };
  private busy = 0;
  private readonly waiting: (() => void)[] = [];
  private head = 0;

  private readonly station: Station;
  private readonly agenda: Agenda;
  private readonly random: () => number;

  constructor(station: Station, agenda: Agenda, random: () => number) {
    this.station = station;
    this.agenda = agenda;
    this.random = random;
  }

  /** `done` hears when the work began, at the moment it ends. */
  call(measured: boolean, done: (startedAt: number) => void): void {
    const arrivedAt = this.agenda.now;
    const begin = (): void => {
      const startedAt = this.agenda.now;
      const ms = this.station.ms + 0.3 + this.random() * 1.2;
      this.busy++;
      this.seen.peak = Math.max(this.seen.peak, this.busy);
      this.agenda.at(startedAt + ms, () => {
        this.busy--;
        if (measured) {
          this.seen.queueTimes.push(startedAt - arrivedAt);
          this.seen.serviceTimes.push(ms);
          this.seen.busy += ms;
        }
        done(startedAt);
        if (this.head < this.waiting.length) this.waiting[this.head++]?.();
      });
    };
    if (this.busy < this.station.workers) begin();
    else this.waiting.push(begin);
  }
}

/** What happens when: a binary heap. */
class Agenda {
  now = -Infinity;
  private readonly heap: { at: number; action: () => void }[] = [];

  at(at: number, action: () => void): void {
    const { heap } = this;
    let child = heap.length;
    heap.push({ at, action });
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if ((heap[parent]?.at ?? 0) <= at) break;
      this.swap(parent, child);
      child = parent;
    }
  }

  run(): void {
    for (let next = this.take(); next; next = this.take()) {
      this.now = next.at;
      next.action();
    }
  }

  private take(): { at: number; action: () => void } | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let parent = 0; ;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const at = (index: number): number => heap[index]?.at ?? Infinity;
      const least = at(right) < at(left) ? right : left;
      if (at(least) >= last.at) break;
      this.swap(parent, least);
      parent = least;
    }
    return first;
  }

  private swap(a: number, b: number): void {
    const { heap } = this;
    [heap[a], heap[b]] = [heap[b] as never, heap[a] as never];
  }
}

/** Mulberry32 (public domain): the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let hash = Math.imul(state ^ (state >>> 15), 1 | state);
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
    return ((hash ^ (hash >>> 14)) >>> 0) / 4294967296;
  };
}

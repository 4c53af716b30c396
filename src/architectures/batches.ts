/** One call for several runs of a step: those that wait make it together. */
import type { Clock } from '../base/clock.js';
import type { ServiceCall } from '../scenarios/call-graph.js';
import { limitOf } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { Scaler, timersOn, type ScaledWorkers } from '../services/scaling.js';
import type { Attempt } from './caller.js';

/** What waits for a call, or takes part in one. */
interface Member {
  request: number;
  attempt: number;
  joinedAt: number;
  /** Somebody looks when it has waited for long enough: it has been the first of those that wait. */
  isWatched: boolean;
  resolve: () => void;
  reject: (failure: Error) => void;
}

/** Makes a call for as many as there may be, or for fewer once the first has waited for long enough; so many such calls at once. */
export class Batches implements ScaledWorkers {
  private readonly size: number;
  private readonly wait: number;
  private readonly most: number;
  readonly scaler: Scaler | undefined;
  private readonly call: Attempt;
  private readonly clock: Clock;
  private readonly position: number;
  private readonly waiting: Member[] = [];
  private inProgress = 0;

  /** @param call made for the first of those who take part, in its name @param position of the consumer among the steps of its process */
  constructor({ size, wait, workers, scaling }: NonNullable<ServiceCall['batch']>, call: Attempt, clock: Clock, position: number) {
    this.size = size;
    this.wait = wait;
    this.most = limitOf(workers);
    this.scaler = scaling && new Scaler(scaling, this.most, timersOn(clock, 'batches', position, this));
    this.call = call;
    this.clock = clock;
    this.position = position;
  }

  /** Takes part in a call; rejects as that does. */
  readonly join: Attempt = (request, attempt) =>
    new Promise((resolve, reject) => {
      this.waiting.push({ request, attempt, joinedAt: this.clock.now(), isWatched: false, resolve, reject });
      this.begin();
    });

  workersUp(): void {
    this.scaler?.started(Math.ceil(this.waiting.length / this.size));
    this.begin();
  }

  stopSpare(): void {
    this.scaler?.stopSpare(this.inProgress, this.load);
  }

  private get workers(): number {
    return this.scaler?.up ?? this.most;
  }

  /** Batches under way, and those that what waits would fill. */
  private get load(): number {
    return this.inProgress + Math.ceil(this.waiting.length / this.size);
  }

  private begin(): void {
    while (this.inProgress < this.workers && this.isDue()) this.start(this.waiting.splice(0, this.size));
    const [first] = this.waiting;
    // One that has waited for long enough begins when a worker is free.
    if (first && !first.isWatched && first.joinedAt + this.wait > this.clock.now()) this.watch(first);
    this.scaler?.note(this.load);
  }

  private isDue(): boolean {
    const [first] = this.waiting;
    return first !== undefined && (this.waiting.length >= this.size || first.joinedAt + this.wait <= this.clock.now());
  }

  private watch(first: Member): void {
    first.isWatched = true;
    const look = (): void => {
      // A timer may be a little early: then it is looked for again.
      first.isWatched = false;
      if (this.waiting[0] === first) this.begin();
    };
    this.clock.at(first.joinedAt + this.wait, look, turnOf(RANK.paced, first.request, this.position, first.attempt));
  }

  private start(members: readonly Member[]): void {
    const { request, attempt } = members[0]!;
    this.inProgress++;
    const end = (tell: (member: Member) => void): void => {
      this.inProgress--;
      this.begin();
      members.forEach(tell);
    };
    this.call(request, attempt).then(() => end(({ resolve }) => resolve()), (failure: Error) => end(({ reject }) => reject(failure)));
  }
}

/** The clock of a process that is stopped at times: what comes due meanwhile happens when it goes on, and never once it is dead. */
import type { CallOff, Clock, Turn } from '../../src/base/clock.js';
import { RANK } from '../../src/scenarios/turn.js';
import type { Uptime } from '../../src/simulation/discrete-event/processes.js';

/** Stands between a process and the clock of all. */
export class ProcessClock implements Clock {
  private readonly clock: Clock;
  private readonly uptime: Uptime;
  /** Nothing happens by it any more. */
  isDead = false;

  constructor(clock: Clock, uptime: Uptime) {
    this.clock = clock;
    this.uptime = uptime;
  }

  now(): number {
    return this.clock.now();
  }

  date(): Date {
    return this.clock.date();
  }

  at(moment: number, run: () => void, turn?: Turn): CallOff {
    return this.clock.at(this.uptime.awake(Math.max(moment, this.now())), this.unlessDead(run), turn);
  }

  /** What comes from outside is heard of behind the timers that have run out meanwhile. */
  inTurn(run: () => void, turn: Turn): void {
    const at = this.uptime.awake(this.now());
    if (at === this.now()) this.clock.inTurn(this.unlessDead(run), turn);
    else this.clock.at(at, this.unlessDead(run), turn.rank === RANK.answer ? { ...turn, rank: RANK.late } : turn);
  }

  kill(): void {
    this.isDead = true;
  }

  private unlessDead(run: () => void): () => void {
    return () => {
      if (!this.isDead) run();
    };
  }
}

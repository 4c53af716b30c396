/** Lets work through as workers that scale take it up, where a client of a broker hands it out by itself. */
import { realClock } from '../base/clock.js';
import type { Scaling } from '../scenarios/scenario.js';
import { Scaler, timersOn } from '../services/scaling.js';
import { Station, type Job } from '../services/station.js';

interface Waiting extends Job {
  begin: () => void;
}

export class ScaledGate {
  private readonly station: Station<Waiting>;

  readonly scaler: Scaler;

  /** @param most workers at most */
  constructor(scaling: Scaling, most: number, clock = realClock) {
    this.scaler = new Scaler(scaling, most, timersOn(clock, 'consumer', 0, { workersUp: () => this.station.workersUp(), stopSpare: () => this.station.stopSpare() }));
    const begin = ({ begin: go }: Waiting): boolean => {
      go();
      return true;
    };
    this.station = new Station({ workers: most, queue: Infinity, scaler: this.scaler }, begin, () => clock.now());
  }

  /** Runs something once there is a worker for it. */
  async run(work: () => Promise<void>): Promise<void> {
    await new Promise<void>((begin) => void this.station.arrive({ begin, place: null, isLast: false }));
    await work().finally(() => this.station.end());
  }
}

/** What a running load has seen, followed while it runs: the generator tells each time only what is new. */
import type { NewRows, LoadRemote } from '../load/load.js';
import type { Calls } from '../processes/child.js';

/** Response times so far, ms, of the requests that have ended, in the order of their start. */
export interface LoadLook {
  warmup: Float32Array;
  measured: Float32Array;
}

/** Keeps what it was told. Two looks never tell a request twice, whoever asked. */
export class Follower {
  private readonly warmup = new Series();
  private readonly measured = new Series();
  private readonly load: Pick<Calls<LoadRemote>, 'newRows'>;

  constructor(load: Pick<Calls<LoadRemote>, 'newRows'>) {
    this.load = load;
  }

  /** Asks for what is new. Asked often, no answer is long. */
  async follow(): Promise<void> {
    const { index, time }: NewRows = await this.load.newRows(undefined);
    for (const [row, request] of index.entries()) {
      if (request < 0) this.warmup.put(-1 - request, time[row] ?? 0);
      else this.measured.put(request, time[row] ?? 0);
    }
  }

  /** All that is known now. It costs as much as there is: look rarely when there is much. */
  async look(): Promise<LoadLook> {
    await this.follow();
    return { warmup: this.warmup.read(), measured: this.measured.read() };
  }
}

/** Times by the position of their request; what is still in flight is not there. */
class Series {
  private times = new Float32Array(1024).fill(NaN);
  private length = 0;

  put(position: number, time: number): void {
    if (position >= this.times.length) {
      const longer = new Float32Array(2 ** Math.ceil(Math.log2(position + 1))).fill(NaN);
      longer.set(this.times);
      this.times = longer;
    }
    this.times[position] = time;
    this.length = Math.max(this.length, position + 1);
  }

  read(): Float32Array {
    return this.times.subarray(0, this.length).filter((time) => !Number.isNaN(time));
  }
}

/** Time between two looks at a running load, ms, while there is little to look at. */
const LOOK_EVERY = 250;
/** Share of the time passed after which it is looked again: what looks cost stays in proportion to it. */
const LOOK_SHARE = 0.05;

/** How long to wait until the next look, ms, when the load has run for so long. */
export function untilNextLook(elapsed: number): number {
  return Math.max(LOOK_EVERY, LOOK_SHARE * elapsed);
}

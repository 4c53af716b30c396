/** The draws of one step or consumer: those of the live run. */
import { drawAt, drawsOf, LatencyQuantile, SALTS, streamOf, type Draws } from '../../scenarios/draw.js';
import type { Latency } from '../../scenarios/scenario.js';
import { CALL, CALL_BITS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';

/** Latency, errors and jitter of the calls made under one name. */
export class CallDraws {
  /** For whoever draws for other purposes. */
  readonly draws: Draws;
  private readonly stream: number;
  private readonly quantile: LatencyQuantile;

  /** @param name of the step or consumer */
  constructor(seed: number, name: string, latency: Latency) {
    this.draws = drawsOf(seed, name);
    this.stream = streamOf(seed, name);
    this.quantile = new LatencyQuantile(latency);
  }

  /** The end of a call is its start and its latency: from row to row, because a result with a fraction may become an object. */
  addLatency({ ints, moments }: CallTable, call: number): void {
    const { quantile } = this;
    const row = call << CALL_BITS;
    const times = call << CALL_MOMENT_BITS;
    const u = quantile.isConstant ? 0 : drawAt(this.stream, ints[row + CALL.request]!, ints[row + CALL.number]!, SALTS.latency);
    moments[times + CALL.endAt] = moments[times + CALL.startedAt]! + quantile.at(u);
  }
}

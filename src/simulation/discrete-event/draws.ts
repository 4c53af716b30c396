/** The draws of one step or consumer: those of the live run. */
import { drawAt, drawsOf, LatencyQuantile, latencyStream, SALTS, type Draws } from '../../scenarios/draw.js';
import type { Latency } from '../../scenarios/scenario.js';
import { addedTime, type AddedTime } from './machine.js';
import { CALL, CALL_BITS, CALL_MOMENT_BITS, type CallTable } from './call-table.js';

/** Latency, errors and jitter of the calls made under one name. */
export class CallDraws {
  /** For whoever draws for other purposes. */
  readonly draws: Draws;
  private readonly stream: number;
  private readonly quantile: LatencyQuantile;
  private readonly hop: AddedTime | null;

  /**
   * @param name of the step or consumer
   * @param hop sorted times that a call takes beside its service's work, ms; none for a call that takes no others
   */
  constructor(seed: number, name: string, latency: Latency, hop: readonly number[] = []) {
    this.hop = addedTime(seed, `${name}:hop`, hop);
    this.draws = drawsOf(seed, name);
    this.stream = latencyStream(seed, name, latency);
    this.quantile = new LatencyQuantile(latency);
  }

  /** Whether calls take time beside their service's work. */
  get hasHop(): boolean {
    return this.hop !== null;
  }

  /** When the caller hears of a call that its service has done with at a moment. */
  heardAt({ ints }: CallTable, call: number, doneAt: number): number {
    const row = call << CALL_BITS;
    return this.hop === null ? doneAt : doneAt + this.hop(ints[row + CALL.request]!, ints[row + CALL.number]!);
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

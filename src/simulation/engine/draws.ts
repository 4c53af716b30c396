/** The draws of one step or consumer: those of the live run. */
import { drawAt, drawsOf, quantileFunction, SALTS, streamOf, type Draws } from '../../scenarios/draw.js';
import type { Latency } from '../../scenarios/scenario.js';

/** Latency, errors and jitter of the calls made under one name. */
export class CallDraws {
  /** For whoever draws for other purposes. */
  readonly draws: Draws;
  private readonly stream: number;
  /** The latency when it is always the same; below 0 otherwise. */
  private readonly constant: number;
  private readonly quantile: (u: number) => number;

  /** @param name of the step or consumer */
  constructor(seed: number, name: string, latency: Latency) {
    this.draws = drawsOf(seed, name);
    this.stream = streamOf(seed, name);
    this.constant = latency.kind === 'constant' ? latency.ms : -1;
    this.quantile = quantileFunction(latency);
  }

  /** Latency of a call, ms. */
  latency(request: number, call: number): number {
    if (this.constant >= 0) return this.constant;
    return this.quantile(drawAt(this.stream, request, call, SALTS.latency));
  }
}

/** Why a step failed. */
export type FailureKind = 'timeout' | 'error' | 'rejected' | 'connection' | 'shortCircuited';

/** One call that failed, or was refused by an open breaker. */
export class CallFailure extends Error {
  override name = 'CallFailure';
  readonly step: string;
  readonly kind: FailureKind;
  /** Index of the request that it was made for. */
  readonly request: number;

  constructor(step: string, kind: FailureKind, request: number) {
    super(`${step}: ${kind}`);
    this.step = step;
    this.kind = kind;
    this.request = request;
  }
}

/** Why a step failed. */
export type FailureKind = 'timeout' | 'error' | 'rejected' | 'connection' | 'shortCircuited' | 'limited' | 'deadline';

/** One call that failed, or was not made: an open breaker refused it, or it could not have begun before the deadline of its request. */
export class CallFailure extends Error {
  override name = 'CallFailure';
  readonly step: string;
  readonly kind: FailureKind;
  /** Index of the request that it was made for. */
  readonly request: number;
  /** When the service says to come again, as a time from then, ms; 0 when it does not. */
  readonly retryAfter: number;

  constructor(step: string, kind: FailureKind, request: number, retryAfter = 0) {
    super(`${step}: ${kind}`);
    this.step = step;
    this.kind = kind;
    this.request = request;
    this.retryAfter = retryAfter;
  }
}

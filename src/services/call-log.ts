/** Writes a service's call log: typed columns that double when they are full, so that a call costs no object. */
import { CALL_OUTCOMES, type CallLog, type CallOutcome } from './services.js';

/** One call, as it is logged. */
export interface LoggedCall {
  request: number;
  /** Position of the step's name in `steps`. */
  step: number;
  queueTime: number;
  serviceTime: number;
  endedAt: number;
  abandoned: boolean;
}

const FIRST_CAPACITY = 1024;
const CODES = Object.fromEntries(CALL_OUTCOMES.map((outcome, code) => [outcome, code])) as Record<CallOutcome, number>;

export class CallLogWriter {
  private columns = emptyColumns(FIRST_CAPACITY);
  private length = 0;

  add(call: LoggedCall, outcome: CallOutcome): void {
    if (this.length === this.columns.request.length) this.grow();
    const row = this.length++;
    this.columns.request[row] = call.request;
    this.columns.step[row] = call.step;
    this.columns.queueTime[row] = call.queueTime;
    this.columns.serviceTime[row] = call.serviceTime;
    this.columns.endedAt[row] = call.endedAt;
    this.columns.outcome[row] = CODES[outcome];
    this.columns.abandoned[row] = call.abandoned ? 1 : 0;
  }

  /** A copy of what was logged so far. */
  read(steps: string[]): CallLog {
    const { request, step, queueTime, serviceTime, endedAt, outcome, abandoned } = this.columns;
    return {
      request: request.slice(0, this.length),
      step: step.slice(0, this.length),
      queueTime: queueTime.slice(0, this.length),
      serviceTime: serviceTime.slice(0, this.length),
      endedAt: endedAt.slice(0, this.length),
      outcome: outcome.slice(0, this.length),
      abandoned: abandoned.slice(0, this.length),
      steps,
    };
  }

  private grow(): void {
    const full = this.columns;
    this.columns = emptyColumns(2 * this.length);
    this.columns.request.set(full.request);
    this.columns.step.set(full.step);
    this.columns.queueTime.set(full.queueTime);
    this.columns.serviceTime.set(full.serviceTime);
    this.columns.endedAt.set(full.endedAt);
    this.columns.outcome.set(full.outcome);
    this.columns.abandoned.set(full.abandoned);
  }
}

function emptyColumns(capacity: number): Omit<CallLog, 'steps'> {
  return {
    request: new Int32Array(capacity),
    step: new Uint16Array(capacity),
    queueTime: new Float64Array(capacity),
    serviceTime: new Float64Array(capacity),
    endedAt: new Float64Array(capacity),
    outcome: new Uint8Array(capacity),
    abandoned: new Uint8Array(capacity),
  };
}

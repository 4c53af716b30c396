/** Writes a service's call log. */
import { GrowingColumns } from '../base/columns.js';
import { CALL_OUTCOMES, type CallLog, type CallOutcome } from './services.js';

/** One call, as it is logged. */
export interface LoggedCall {
  request: number;
  /** Position of the step's name in `steps`. */
  step: number;
  /** Tells apart the calls that one step makes for one request. */
  number: number;
  queueTime: number;
  serviceTime: number;
  endedAt: number;
  abandoned: boolean;
}

const CODES = Object.fromEntries(CALL_OUTCOMES.map((outcome, code) => [outcome, code])) as Record<CallOutcome, number>;

export class CallLogWriter {
  private readonly rows = new GrowingColumns<Omit<CallLog, 'steps'>>((length) => ({
    request: new Int32Array(length),
    step: new Uint16Array(length),
    call: new Int32Array(length),
    queueTime: new Float64Array(length),
    serviceTime: new Float64Array(length),
    endedAt: new Float64Array(length),
    outcome: new Uint8Array(length),
    abandoned: new Uint8Array(length),
  }));

  add(call: LoggedCall, outcome: CallOutcome): void {
    const row = this.rows.next();
    const { columns } = this.rows;
    columns.request[row] = call.request;
    columns.step[row] = call.step;
    columns.call[row] = call.number;
    columns.queueTime[row] = call.queueTime;
    columns.serviceTime[row] = call.serviceTime;
    columns.endedAt[row] = call.endedAt;
    columns.outcome[row] = CODES[outcome];
    columns.abandoned[row] = call.abandoned ? 1 : 0;
  }

  /** A copy of what was logged so far. */
  read(steps: string[]): CallLog {
    return { ...this.rows.read(), steps };
  }
}

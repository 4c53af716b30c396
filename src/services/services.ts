/** What the services process is asked and what it answers. */
import type { Service } from '../scenarios/scenario.js';
import type { Usage, UsageStretch } from '../processes/usage.js';
import type { ScalingFigures } from './scaling.js';

/** What the path of a call ends with that nobody waits for, where that makes a difference to its service. */
const BACKGROUND = '/background';

/**
 * Path of a call: `POST /<step>/<request>/<call>`. Latency and error are drawn by step, request index and call number,
 * whoever calls (of all of them together: `/<step>/{request}/{call}`); the call number tells apart the calls that one step makes for one request (retries, messages).
 * @param isBackground nobody waits for it: a service whose priority is replies takes up all others first
 */
export function callPath(step: string, request: number | '{request}', call: number | '{call}', isBackground = false): string {
  return `/${encodeURIComponent(step)}/${request}/${call}${isBackground ? BACKGROUND : ''}`;
}

/** What a call's path tells. */
export interface CallPath {
  step: string;
  request: number;
  call: number;
  /** Nobody waits for it. */
  isBackground?: boolean;
}

/** The parts of a call's path; undefined when it is none. */
export function parseCallPath(written: string): CallPath | undefined {
  const isBackground = written.endsWith(BACKGROUND);
  const path = isBackground ? written.slice(0, -BACKGROUND.length) : written;
  const first = path.indexOf('/', 1);
  const second = path.indexOf('/', first + 1);
  if (first < 2 || second < first + 2 || second + 1 === path.length) return undefined;
  const request = Number(path.slice(first + 1, second));
  const call = Number(path.slice(second + 1));
  if (!Number.isInteger(request) || !Number.isInteger(call)) return undefined;
  const step = decoded(path.slice(1, first));
  return step === undefined ? undefined : { step, request, call, ...(isBackground && { isBackground }) };
}

function decoded(text: string): string | undefined {
  // Names are plain words nearly always.
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * How a call gets to its service. `http`: over a TCP connection to a process of its own. `unix`: the same HTTP over a
 * Unix domain socket, which costs the kernel less than TCP over loopback. `in-process`: by a function call within the
 * process of whoever calls; what HTTP costs is then not measured.
 */
export const HOPS = ['http', 'unix', 'in-process'] as const;
export type Hop = (typeof HOPS)[number];

/** How a service dealt with one call. */
export const CALL_OUTCOMES = ['ok', 'error', 'rejected', 'dropped', 'limited'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** HTTP status of the answer to a call. */
export const STATUS: Record<Exclude<CallOutcome, 'dropped'>, number> = { ok: 200, error: 500, rejected: 503, limited: 429 };

/** Every call that a service has finished with, column by column. Times in ms, moments on the monotonic clock. */
export interface CallLog {
  /** Request index; negative for warm-up. */
  request: Int32Array;
  /** Position of the step's name in `steps`. */
  step: Uint16Array;
  /** Number of the call, for one request and step. */
  call: Int32Array;
  /** Waiting for a worker. */
  queueTime: Float64Array;
  /** In progress, as it really was. */
  serviceTime: Float64Array;
  endedAt: Float64Array;
  /** Position in CALL_OUTCOMES. `ok`: the work was done, whether or not the caller still listened. */
  outcome: Uint8Array;
  /** 1 when the caller had gone away before the end. */
  abandoned: Uint8Array;
  steps: string[];
}

/** What one service saw. */
export interface ServiceReport {
  name: string;
  /** Calls received, warm-up included. */
  received: number;
  /** Most calls in progress, waiting, and connections open at any moment. */
  peak: { inProgress: number; queue: number; connections: number };
  /** Calls in progress and waiting now. */
  now: { inProgress: number; queue: number };
  /** Share of its workers' time that was busy within the measured window, 0-1; null without a worker limit. */
  utilisation: number | null;
  /** Workers within the measured window, those that were starting among them, and measured calls that waited for one to start. Only where workers scale. */
  scaled?: ScalingFigures;
  calls: CallLog;
}

/** Which services, and where they are called. */
export interface ServicesOptions {
  services: Service[];
  seed: number;
  hop: Exclude<Hop, 'in-process'>;
  /** Address to listen on, with `http`; 127.0.0.1 when left out. */
  host?: string;
}

/** Functions of the services process. */
export type ServicesRemote = {
  /** Opens every service; the answer is the origin of each, by name: a base URL, or with `unix` a `unix:<path>`. */
  start(options: ServicesOptions): Promise<Record<string, string>>;
  /** Tells the measured window: outages count from its start, utilisation is taken within it. Its end may be told again. */
  window(window: { startAt: number; endAt: number }): void;
  report(): { services: ServiceReport[]; usage: Usage };
  /** What it used since it was asked last; null the first time. */
  used(): UsageStretch | null;
};

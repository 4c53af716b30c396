/** Samples as other load generators write them, known by their headings. */
import { describe } from '../problem.js';

/** Units of a latency, and how many ms each is. */
export const UNITS = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type Unit = keyof typeof UNITS;

/** What a tool writes of every request. */
export interface Form {
  tool: string;
  /** Headings that together nothing else has. */
  headings: readonly string[];
  /** Where the latency stands. */
  column: string;
  unit: Unit;
  /** Whether a row is about a request at all. */
  isRequest?(cell: (heading: string) => string): boolean;
  /** Whether it is one without a good answer: how long that took is no latency of the service. */
  failed(cell: (heading: string) => string): boolean;
}

const isBad = (status: string): boolean => !/^[123]\d\d$/.test(status);

const FORMS: readonly Form[] = [
  {
    tool: 'hey',
    headings: ['response-time', 'DNS+dialup', 'Response-delay', 'status-code'],
    column: 'response-time',
    unit: 's',
    failed: (cell) => isBad(cell('status-code')),
  },
  {
    tool: 'oha',
    headings: ['request-start', 'request-duration', 'status'],
    column: 'request-duration',
    unit: 's',
    failed: (cell) => isBad(cell('status')),
  },
  {
    tool: 'JMeter',
    headings: ['timeStamp', 'elapsed', 'label'],
    column: 'elapsed',
    unit: 'ms',
    failed: (cell) => cell('success') === 'false',
  },
  {
    tool: 'k6',
    headings: ['metric_name', 'timestamp', 'metric_value'],
    column: 'metric_value',
    unit: 'ms',
    isRequest: (cell) => cell('metric_name') === 'http_req_duration',
    failed: (cell) => cell('expected_response') === 'false' || (cell('status') !== '' && isBad(cell('status'))),
  },
  {
    tool: 'ab',
    headings: ['starttime', 'seconds', 'ctime', 'dtime', 'ttime', 'wait'],
    column: 'ttime',
    unit: 'ms',
    failed: () => false,
  },
  {
    tool: 'sync-vs-events',
    headings: ['architecture', 'start_ms', 'response_ms', 'outcome'],
    column: 'response_ms',
    unit: 'ms',
    isRequest: (cell) => cell('warmup') === '0',
    failed: (cell) => cell('outcome') !== 'ok',
  },
];

/** `vegeta encode --to csv` writes no headings: these are what it writes in their place. */
export const VEGETA: Form & { all: readonly string[] } = {
  tool: 'vegeta',
  headings: [],
  all: ['timestamp', 'code', 'latency', 'out', 'in', 'error', 'body', 'attack', 'seq', 'method', 'url', 'headers'],
  column: 'latency',
  unit: 'ns',
  failed: (cell) => isBad(cell('code')),
};

/** The form with these headings. */
export function formOf(headings: readonly string[]): Form | undefined {
  return FORMS.find((form) => form.headings.every((heading) => headings.includes(heading)));
}

/** Whether a row is one of vegeta's: moment in ns, status, latency in ns. */
export function isVegeta(cells: readonly string[]): boolean {
  return cells.length >= 9 && /^\d{19}$/.test(cells[0] ?? '') && /^\d{1,3}$/.test(cells[1] ?? '') && /^\d+$/.test(cells[2] ?? '');
}

/** How units are named in headings. */
const NAMES: readonly (readonly [unit: Unit, names: RegExp])[] = [
  ['s', /^(s|secs?|seconds?)$/],
  ['ms', /^(ms|msecs?|millis|millisec(ond)?s?)$/],
  ['us', /^([uµμ]s|usecs?|micros|microsec(ond)?s?)$/],
  ['ns', /^(ns|nsecs?|nanos|nanosec(ond)?s?)$/],
];

/**
 * The unit that a heading names: `latency_ms`, `duration (s)`, `tookSeconds`; a name such as `orders-s` names none.
 * @throws Error for one that latencies are not taken in
 */
export function unitOf(heading: string): Unit | undefined {
  const words = heading.replace(/([a-z])(?=[A-Z]+[a-z]*[\])]?$)/, '$1 ').toLowerCase().split(/[\s_.()[\]/]+/);
  const last = words.findLast((word) => word !== '') ?? '';
  if (/^(mins|minutes?|hours?)$/.test(last)) throw new Error(`its column ${describe(heading)} is in ${last}, and latencies are taken in s, ms, us or ns: say which with \`unit\`, or convert them`);
  return NAMES.find(([, names]) => names.test(last))?.[0];
}

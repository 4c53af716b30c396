/** Samples as other load generators write them, known by their headings. */

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

/** The unit that a heading names: `latency_ms`, `duration (s)`; a name such as `orders-s` names none. */
export function unitOf(heading: string): Unit | undefined {
  const [, word = ''] = /(?:[\s_.([]|^)(s|secs?|seconds?|ms|millis|milliseconds?|us|µs|micros|microseconds?|ns|nanos|nanoseconds?)[\])]?$/i.exec(heading) ?? [];
  const name = word.toLowerCase();
  if (name === '') return undefined;
  if (name.startsWith('s')) return 's';
  if (name.startsWith('mi')) return name.startsWith('mic') ? 'us' : 'ms';
  return name.startsWith('n') ? 'ns' : name === 'ms' ? 'ms' : 'us';
}

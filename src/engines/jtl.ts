/** A load that JMeter made, or another that writes as it does: the samples of all its machines as one run. */
import { CsvFile } from './csv-file.js';
import { jtlHeadings, jtlSample, type JtlSample } from './jtl-columns.js';
import type { EngineRow, EngineRun } from './rows.js';

/** What a JTL says of a load, beside its rows. */
export interface JtlLoad {
  run: EngineRun;
  /** Most requests that could be in flight: threads of all machines. */
  users: number;
  /** From the start of the window to the last answer, ms. */
  duration: number;
  /** What was loaded, without queries and passwords; null where it is not told, or several. */
  url: string | null;
  /** Thread groups, each with its file or host. */
  groups: string[];
}

/** Labels and groups that are named at most. */
const NAMED = 8;

export class JtlRows {
  private readonly files = new Map<string, CsvFile>();
  private readonly samples: JtlSample[] = [];

  /** @throws UserError with file, line and column of what cannot be read */
  take(line: string, file: string): void {
    const known = this.files.get(file) ?? new CsvFile(file, jtlHeadings, (row) => void this.samples.push(jtlSample(row, file)));
    this.files.set(file, known);
    known.take(line);
  }

  /**
   * The run, once every line has been taken.
   * @param warmup time from the first request that is not measured, ms
   * @throws UserError with file, line and column of what cannot be read
   */
  finish(warmup: number): JtlLoad {
    for (const file of this.files.values()) file.end();
    const requests = withoutSums(this.samples).toSorted((a, b) => a.at - b.at);
    const [first] = requests;
    const startedAt = first ? first.at + warmup : null;
    const rows = rowsOf(requests, startedAt ?? 0);
    const sources = [...new Set(requests.map(({ source }) => source))];
    const run = { engine: 'jmeter', resolution: 1, rows, startedAt, total: null, workers: { expected: sources.length, done: sources.length }, untold: true };
    return {
      run: { ...run, notes: notesOf(requests, this.samples.length), problems: apartProblems(requests, sources) },
      users: Math.max(threadsOf(requests, sources), mostInFlight(requests)),
      duration: Math.max(1, rows.reduce((last, { endedAt }) => Math.max(last, endedAt), 0)),
      url: urlOf(requests),
      groups: [...new Set(requests.map(({ source, group }) => (group === '' ? source : `${source}: ${group}`)))].toSorted().slice(0, NAMED),
    };
  }
}

/** A transaction is a sum where its requests have rows as well; where they have none, it is what was measured. */
function withoutSums(samples: readonly JtlSample[]): JtlSample[] {
  const transactions = samples.filter(({ isTransaction }) => isTransaction);
  if (transactions.length === 0) return [...samples];
  const starts = new Map<string, number[]>();
  const keyOf = ({ source, thread }: JtlSample): string => `${source} ${thread}`;
  for (const sample of samples) {
    if (sample.isTransaction) continue;
    const own = starts.get(keyOf(sample));
    if (own) own.push(sample.at);
    else starts.set(keyOf(sample), [sample.at]);
  }
  for (const of of starts.values()) of.sort((a, b) => a - b);
  const isSum = (sample: JtlSample): boolean => {
    const within = firstFrom(starts.get(keyOf(sample)) ?? [], sample.at);
    return within !== undefined && within <= sample.at + sample.elapsed;
  };
  return samples.filter((sample) => !sample.isTransaction || !isSum(sample));
}

/** The first of ascending moments that is not before one. */
function firstFrom(moments: readonly number[], moment: number): number | undefined {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return moments[low];
}

/** Numbered in the order of their starts; negative before the window. */
function rowsOf(requests: readonly JtlSample[], startedAt: number): EngineRow[] {
  const warming = requests.filter(({ at }) => at < startedAt).length;
  return requests.map(({ source, at, elapsed, latency, outcome, status }, i) => {
    const sentAt = at - startedAt;
    const row = { source, index: i - warming, intendedAt: sentAt, sentAt, endedAt: sentAt + elapsed, outcome, status };
    return latency > 0 ? { ...row, firstByteAt: sentAt + latency } : row;
  });
}

function threadsOf(requests: readonly JtlSample[], sources: readonly string[]): number {
  const most = new Map(sources.map((source) => [source, 0]));
  for (const { source, threads } of requests) most.set(source, Math.max(most.get(source) ?? 0, threads));
  return [...most.values()].reduce((sum, threads) => sum + threads, 0);
}

/** One that ends as another starts is not there with it. */
function mostInFlight(requests: readonly JtlSample[]): number {
  const ends = requests.map(({ at, elapsed }) => at + elapsed).toSorted((a, b) => a - b);
  let [ended, most] = [0, 0];
  for (const [i, { at }] of requests.entries()) {
    while ((ends[ended] ?? Infinity) <= at && ended < i) ended++;
    most = Math.max(most, i + 1 - ended);
  }
  return most;
}

function urlOf(requests: readonly JtlSample[]): string | null {
  const told = [...new Set(requests.map(({ url }) => url))].filter((url) => URL.canParse(url)).map((url) => new URL(url));
  const [origin, ...others] = new Set(told.map((url) => url.origin));
  if (origin === undefined || others.length > 0 || origin === 'null') return null;
  const paths = [...new Set(told.map(({ pathname }) => pathname))];
  return `${origin}${paths.length === 1 ? paths[0] : '/'}`;
}

/** Files of one load run at the same time, by clocks that agree; and a file counts once. */
function apartProblems(requests: readonly JtlSample[], sources: readonly string[]): string[] {
  const spans = sources.map((source) => {
    const own = requests.filter((request) => request.source === source);
    const sum = (of: (request: JtlSample) => number): number => own.reduce((total, request) => total + of(request), 0);
    const content = `${own.length} ${sum(({ at }) => at - (own[0]?.at ?? 0))} ${own[0]?.at} ${sum(({ elapsed }) => elapsed)} ${own[0]?.thread}`;
    return { source, content, from: own[0]?.at ?? 0, to: own.at(-1)?.at ?? 0 };
  });
  return spans.flatMap(({ source, content, from, to }, i) => spans.slice(0, i).flatMap((other) => {
    if (other.content === content) return [`${other.source} and ${source} have the same rows: its requests are in the books more than once.`];
    if (from <= other.to && other.from <= to) return [];
    return [`${other.source} and ${source} were at different times: files are one load when they ran together, by clocks that agree.`];
  }));
}

function notesOf(requests: readonly JtlSample[], written: number): string[] {
  const sums = written - requests.length;
  const labels = new Map<string, number>();
  for (const { label } of requests) labels.set(label, (labels.get(label) ?? 0) + 1);
  const named = [...labels].slice(0, NAMED).map(([label, count]) => `${label} (${count})`).join(', ');
  return [
    'A JTL does not tell when a request was due: response times count from its sending, and a generator that was late is not seen.',
    'It tells no total of its own either: a row that was never written is not missed.',
    ...(labels.size > 1 ? [`These are ${labels.size} kinds of requests together: ${named}${labels.size > NAMED ? ', ...' : ''}.`] : []),
    ...(sums > 0 ? [`${sums} ${sums === 1 ? 'row is a transaction, the sum' : 'rows are transactions, sums'} of requests that have rows of their own: left out.`] : []),
  ];
}

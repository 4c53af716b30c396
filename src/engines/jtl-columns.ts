/** The columns of a JTL file in CSV, as JMeter, Taurus and Azure Load Testing write it, and what a record of it says. */
import type { Outcome } from '../load/load.js';
import type { CsvRow, Headings } from './csv-file.js';

/** What JMeter writes when nothing is configured, by version: 4 and newer, 3.1, 2.13 (CSVSaveService, jmeter.properties). */
const DEFAULTS: readonly (readonly string[])[] = [
  'timeStamp elapsed label responseCode responseMessage threadName dataType success failureMessage bytes sentBytes grpThreads allThreads URL Latency IdleTime Connect',
  'timeStamp elapsed label responseCode responseMessage threadName dataType success failureMessage bytes sentBytes grpThreads allThreads Latency IdleTime Connect',
  'timeStamp elapsed label responseCode responseMessage threadName dataType success bytes grpThreads allThreads Latency',
].map((names) => names.split(' '));

/** @throws Error that says what is missing */
export function jtlHeadings(first: readonly string[]): Headings {
  if (/^\d+$/.test(first[0] ?? '')) {
    const headings = DEFAULTS.find(({ length }) => length === first.length);
    if (headings) return { headings, isRow: true };
    throw new Error(`there are no headings, and ${first.length} columns are none of JMeter's defaults (${DEFAULTS.map(({ length }) => length).join(', ')}): write it with jmeter.save.saveservice.print_field_names=true`);
  }
  const missing = ['timeStamp', 'elapsed'].filter((heading) => !first.includes(heading));
  if (missing.length > 0) throw new Error(`expected the headings of a JTL, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  if (!first.includes('success') && !first.includes('responseCode')) throw new Error('it has neither success nor responseCode: nothing tells a good answer');
  return { headings: first, isRow: false };
}

/** Whether a first line is that of a JTL, with headings or without. */
export function isJtl(first: string): boolean {
  return /\btimeStamp\b/.test(first) && /\belapsed\b/.test(first) ? true : /^\d{13}\W\d+\W/.test(first);
}

/** One sample. Moments are ms since 1970, on the clock of its machine. */
export interface JtlSample {
  /** Whose clock it is on: a file, with the host where it is told. */
  source: string;
  /** Start: JMeter's own properties say so (sampleresult.timestamp.start=true). */
  at: number;
  /** Until the last byte, ms. */
  elapsed: number;
  /** Until the first byte, ms; 0 where there is none. */
  latency: number;
  outcome: Outcome;
  status: number;
  label: string;
  /** Thread group; empty where it is not told. */
  group: string;
  thread: string;
  /** Threads of all groups of the machine then; 0 where it is not told. */
  threads: number;
  /** Empty where it is not told. */
  url: string;
  /** Whether it is a transaction: a sum of others that have rows of their own. */
  isTransaction: boolean;
}

/** @throws UserError with file, line and column of what cannot be */
export function jtlSample(row: CsvRow, file: string): JtlSample {
  const at = whole(row, 'timeStamp', /^\d{13}$/, 'milliseconds since 1970 (jmeter.save.saveservice.timestamp_format=ms)');
  const elapsed = whole(row, 'elapsed', /^\d+$/, 'whole milliseconds');
  const told = (heading: string): number => (row.cell(heading) === '' ? 0 : whole(row, heading, /^\d+$/, 'a whole number'));
  if (told('SampleCount') > 1) row.refuse('SampleCount', 'a row for each sample, and not one for several (sampling mode Standard)');
  const { outcome, status } = endOf(row);
  const thread = row.cell('threadName');
  const host = row.cell('Hostname');
  return {
    source: host === '' ? file : `${file} ${host}`,
    at,
    elapsed,
    latency: told('Latency'),
    outcome,
    status,
    label: row.cell('label'),
    group: thread.replace(/ \d+-\d+$/, ''),
    thread,
    threads: told('allThreads'),
    url: row.cell('URL') === 'null' ? '' : row.cell('URL'),
    isTransaction: row.cell('responseMessage').startsWith('Number of samples in transaction :'),
  };
}

function whole(row: CsvRow, heading: string, form: RegExp, expected: string): number {
  const text = row.cell(heading);
  return form.test(text) ? Number(text) : row.refuse(heading, expected);
}

function endOf(row: CsvRow): { outcome: Outcome; status: number } {
  const code = row.cell('responseCode');
  const status = /^[1-5]\d\d$/.test(code) ? Number(code) : 0;
  if (!row.has('success')) return { outcome: status >= 200 && status < 400 ? 'ok' : failure(code, status, ''), status };
  const success = row.cell('success').toLowerCase();
  if (success !== 'true' && success !== 'false') row.refuse('success', 'true or false');
  return { outcome: success === 'true' ? 'ok' : failure(code, status, row.cell('responseMessage')), status };
}

/** Of an answer that was not good: by its status, or by the exception that JMeter writes in its place. */
function failure(code: string, status: number, message: string): Outcome {
  if (status >= 500) return 'http5xx';
  if (status >= 400) return 'http4xx';
  if (status > 0) return 'mismatch';
  const text = `${code} ${message}`;
  if (/HttpHostConnect|ConnectException|ConnectTimeout|connect timed out|UnknownHost|NoRouteToHost|SSLHandshake/i.test(text)) return 'connection';
  if (/time(d )?-?out|InterruptedIO/i.test(text)) return 'timeout';
  return code === '' || code.startsWith('Non HTTP') ? 'hangup' : 'mismatch';
}

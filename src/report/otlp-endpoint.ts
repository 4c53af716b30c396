/** Posts spans to an OTLP/HTTP endpoint, in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp). */
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../base/errors.js';
import { formatDuration } from '../base/units.js';
import { decoded, maskUrls } from '../base/urls.js';
import { oneLine } from './format.js';

/** Where spans go when an endpoint is named without a path. */
const TRACES_PATH = '/v1/traces';
/** Statuses after which the protocol has the client try again. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);
const MOST_TRIES = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const TIMEOUT_MS = 10_000;
/** So much of what a receiver says is told, characters. */
const MOST_SAID = 200;

/** An endpoint that has been found to take spans. */
export interface OtlpEndpoint {
  /**
   * Posts documents, one after another; stops at the first that is not taken.
   * @returns why not everything arrived, as a sentence; null when it did
   */
  send(lines: Iterable<string>): Promise<string | null>;
}

/** What it takes to wait between two tries. */
export type Pause = (ms: number) => Promise<unknown>;

/**
 * Makes sure that spans are taken, by posting none, before anything is run.
 * @param url with a path it is used as it is, without one `/v1/traces` is added
 * @param headers as OTEL_EXPORTER_OTLP_HEADERS has them: `key=value` between commas, values percent-encoded
 * @throws UserError when it is no URL, cannot be reached or refuses
 */
export async function openOtlpEndpoint(url: string, headers = '', pause: Pause = sleep): Promise<OtlpEndpoint> {
  const endpoint = endpointOf(url);
  const sent = { ...headersOf(headers), 'content-type': 'application/json' };
  const named = `--otlp ${maskUrls(url)}`;
  const refusal = await post(endpoint, sent, '{"resourceSpans":[]}', pause);
  if (refusal.problem !== null) throw new UserError(`${named}: ${refusal.problem}. Is an OTLP/HTTP receiver there, such as a Collector on port 4318?`);
  return {
    send: async (lines) => {
      let rejected = 0;
      let said = '';
      for (const line of lines) {
        const answer = await post(endpoint, sent, line, pause);
        if (answer.problem !== null) return `${named}: not all spans arrived: ${answer.problem}.`;
        rejected += answer.rejected;
        said ||= answer.said;
      }
      return rejected === 0 ? null : `${named}: ${rejected} spans were rejected${said}.`;
    },
  };
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new UserError(`--otlp ${maskUrls(text)}: expected a URL of http or https, such as http://127.0.0.1:4318.`);
  if (url.pathname === '/') url.pathname = TRACES_PATH;
  return url;
}

function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.trim()).filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => [decoded(pair.slice(0, pair.indexOf('='))).trim().toLowerCase(), decoded(pair.slice(pair.indexOf('=') + 1)).trim()]));
}

/** How one document fared. */
interface Posted {
  problem: string | null;
  /** Spans of it that were not taken. */
  rejected: number;
  /** Why, after a colon; empty when nothing is said. */
  said: string;
}

async function post(url: URL, headers: Record<string, string>, body: string, pause: Pause): Promise<Posted> {
  for (let tries = 1; ; tries++) {
    try {
      const { status, retryAfter, text, isPage } = await exchange(url, headers, body);
      const said = discreet(reasonIn(text), url, headers);
      if (isPage && status === 200) return { problem: 'it answers with a web page', rejected: 0, said: '' };
      if (status >= 200 && status < 300) return { problem: null, rejected: rejectedIn(text), said };
      if (!TRY_AGAIN.has(status) || tries === MOST_TRIES) return { problem: `it answers ${status}${said}`, rejected: 0, said };
      await pause(Math.min(LONGEST_WAIT_MS, retryAfter ?? FIRST_WAIT_MS * 2 ** (tries - 1)));
    } catch (error) {
      const isSilent = error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name);
      const problem = isSilent ? `no answer within ${formatDuration(TIMEOUT_MS)}` : messageOf(error) || String((error as NodeJS.ErrnoException).code);
      return { problem, rejected: 0, said: '' };
    }
  }
}

interface Answer {
  status: number;
  /** ms; null when it does not say. */
  retryAfter: number | null;
  text: string;
  /** Whether it is a page for people, such as that of a login: no receiver writes one. */
  isPage: boolean;
}

function exchange(url: URL, headers: Record<string, string>, body: string): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject);
      response.on('end', () => {
        const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
        resolve({ status: response.statusCode ?? 0, retryAfter: seconds >= 0 ? seconds * 1000 : null, text: Buffer.concat(pieces).toString(), isPage: response.headers['content-type']?.startsWith('text/html') ?? false });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What the protocol has in an answer: a status, or what was not taken. */
interface Said {
  message?: unknown;
  partialSuccess?: { rejectedSpans?: string | number; errorMessage?: unknown };
}

function saidIn(text: string): Said {
  try {
    const said = JSON.parse(text) as Said | null;
    return said !== null && typeof said === 'object' ? said : {};
  } catch {
    return {};
  }
}

/** Spans that were not taken: a number as text, as the protocol writes 64 bits. */
function rejectedIn(text: string): number {
  return Number(saidIn(text).partialSuccess?.rejectedSpans ?? 0) || 0;
}

/** Why, in the receiver's own words; empty without any. */
function reasonIn(text: string): string {
  const { message, partialSuccess } = saidIn(text);
  const reason = message ?? partialSuccess?.errorMessage;
  if (typeof reason === 'string') return reason;
  return /^\s*[<{[]/.test(text) ? '' : text;
}

/** On one line after a colon, without what was sent along to be let in: receivers repeat it. */
function discreet(reason: string, url: URL, headers: Readonly<Record<string, string>>): string {
  const sent = [...Object.values(headers).flatMap((value) => value.split(' ')), url.username, url.password, decoded(url.password), ...url.searchParams.values()];
  const hidden = sent.filter((value) => value.length > 2).reduce((words, value) => words.replaceAll(value, '***'), oneLine(reason).trim());
  return hidden === '' ? '' : `: ${maskUrls(hidden.slice(0, MOST_SAID))}`;
}

/**
 * What is asked of a server of one's own: the one rule by which two targets are the same question. Method, path, query, headers, body
 * and what a good answer is are part of it; where the server runs and how it is started are not, and neither is who asks:
 * credentials are there or not, and their values nobody knows.
 */
import type { Target } from '../../scenarios/target.js';

/** Plain values, as a record holds them: what is secret is a stand-in. */
export interface Question {
  path: string;
  query: Record<string, string>;
  method: string;
  headers: Record<string, string>;
  body: string;
  expect: { status: readonly number[]; body: string | null };
}

/** Says where a request goes, and not what it asks for. */
const WHERE = new Set(['host']);

export function questionOf({ url, method, headers, body, expect }: Target): Question {
  const { pathname, searchParams } = new URL(String(url));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), whatIsKnown(String(value))] as const);
  return {
    path: pathname,
    query: Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key).join(', ')])),
    method,
    headers: Object.fromEntries(named.filter(([name]) => !WHERE.has(name)).toSorted(([a], [b]) => a.localeCompare(b))),
    body: String(body),
    expect: { status: expect.status, body: expect.body === null ? null : String(expect.body) },
  };
}

/** A value that is kept from everybody, or where it comes from: one cannot be told from another. */
function whatIsKnown(value: string): string {
  return /^\*\*\*$|\$\{\w+\}$/.test(value) ? '***' : value;
}

/** The two, alike where one of them does not tell: older records hold no marks of headers. */
export function asFarAsKnown(base: Question, head: Question): [Question, Question] {
  const veil = ({ headers, ...rest }: Question, other: Question): Question => ({
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, other.headers[name] === '***' ? '***' : value])),
  });
  return [veil(base, head), veil(head, base)];
}

/**
 * W3C Trace Context (https://www.w3.org/TR/trace-context/): ids that follow from what they are of, so that whoever writes
 * spans afterwards knows them without having kept one.
 */

/** Where what runs in a trace stands: a trace, and the span that it belongs to. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  trace: string;
  /** 16 hexadecimal digits. */
  span: string;
}

/** The header, and the attribute of CloudEvents, that carries it. */
export const TRACEPARENT = 'traceparent';

/** The run of whoever has none of its own: 24 hexadecimal digits. */
export const NO_RUN = '0a0a0a0a0a0a0a0a0a0a0a0a';

/**
 * Id of the trace of a request: its index in 8 hexadecimal digits, then those of its run, which are drawn at random and
 * stand where Trace Context wants randomness.
 * @param run 24 hexadecimal digits
 */
export function traceIdOf(run: string, request: number): string {
  return digits(request) + run;
}

/**
 * Id of a span: unique within its trace by who did what and for the how manieth time, and spread over traces.
 * @param role of `roleOf`
 * @param number of the call, delivery or message, for one request
 */
export function spanIdOf(role: number, request: number, number: number): string {
  return digits(role ^ Math.imul(request, SPREAD)) + digits(number + 1);
}

/** An odd factor spreads neighbours over all 32 bits (Knuth's, 2^32 over the golden ratio). */
const SPREAD = 0x9e3779b1;

/** Who sends requests: the root of a trace of our own. */
const CLIENT = roleOf('client');

/** Id of the span of a request as its sender sees it. */
export function clientSpanId(request: number): string {
  return spanIdOf(CLIENT, request, 0);
}

/** The `traceparent` of a request that the generator of a run sends. */
export function clientTraceparent(run: string, request: number): string {
  return traceparentOf(traceIdOf(run, request), clientSpanId(request));
}

/** 32 bits of a name (FNV-1a). Two names of one trace with the same ones would share span ids: one in millions. */
export function roleOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** What `traceparent` says: sampled, as everything is. */
export function traceparentOf(trace: string, span: string): string {
  return `00-${trace}-${span}-01`;
}

const TRACEPARENT_FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** What a `traceparent` says; undefined when it is none. Of a later version the parts of this one are read. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, trace, span] = TRACEPARENT_FORM.exec(text) ?? [];
  return trace === undefined || span === undefined ? undefined : { trace, span };
}

/** The 32 bits of a number in 8 hexadecimal digits. */
function digits(number: number): string {
  return (number >>> 0).toString(16).padStart(8, '0');
}

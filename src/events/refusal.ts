/** What a bus refused: which call, why in the broker's own words, and what to do. */
import { messageOf, UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { Bus } from './bus.js';
import { BUSES, type BusName } from './buses.js';
import type { BusDescriptor } from './descriptor.js';

/** What is asked of a bus, as a sentence goes on after "refuses to". */
export const BUS_CALLS = {
  connect: 'take a connection',
  authenticate: 'let this user in',
  create: 'create what a topic needs',
  publish: 'take an event',
  read: 'hand out events',
  acknowledge: 'take note that an event is done',
  hold: 'tell what it holds',
  remove: 'delete a topic',
} as const;
export type BusCall = keyof typeof BUS_CALLS;

/** A broker or a file that answers, and says no; or one that does not answer. */
export class BusRefusal extends UserError {
  override name = 'BusRefusal';
  readonly bus: BusName;
  readonly call: BusCall;

  /** @param url masked here; errors of clients print it, too */
  constructor(bus: BusName, url: string, call: BusCall, cause: unknown) {
    super(sentenceOf(bus, maskUrls(url), call, maskUrls(reasonOf(cause))), { cause });
    this.bus = bus;
    this.call = call;
  }
}

/** Why, in one line, whatever the client threw: some errors have no message, but several causes or a code. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const { code } = error as { code?: unknown };
  const words = messageOf(error).replaceAll(/\s+/g, ' ').trim() || (typeof code === 'string' ? code : 'no reason was given');
  const { cause } = error as { cause?: unknown };
  const inner = cause instanceof Error ? reasonOf(cause) : '';
  return inner === '' || words.includes(inner) ? words : `${words.replace(/[.!]+$/, '')}: ${inner}`;
}

function sentenceOf(bus: BusName, url: string, call: BusCall, reason: string): string {
  const { title, at, advice }: BusDescriptor = BUSES[bus];
  const why = reason.replace(/[.!]+$/, '');
  // Whoever may create a topic as it takes may do all the rest.
  const needed = advice[call] ?? (call === 'connect' || call === 'authenticate' ? undefined : advice.create);
  const next = needed === undefined ? '' : `. ${needed}`;
  if (call === 'connect') return at === 'file' ? `The ${title} ${url} cannot be opened: ${why}${next}` : `No ${title} server answers at ${url}: ${why}${next}`;
  return `The ${title}${at === 'file' ? '' : ' server at'} ${url} refuses to ${BUS_CALLS[call]}: ${why}${next}`;
}

/** Whether a broker is there, and lets nobody in. */
const NOT_LET_IN = /auth|WRONGPASS|access[-_ ]refused|not[-_]allowed|credential|certificate|password|permission|signature|security token|ConnectionClose/i;

/** An opening in progress. */
export interface Opening {
  /** Does one step of it. @throws BusRefusal */
  step: <T>(call: BusCall, work: () => Promise<T>) => Promise<T>;
  /** What is closed again should a later step be refused; the last one first. */
  opened: <T>(thing: T, close: (thing: T) => unknown) => T;
}

/** Longest time in which a broker lets one in, ms: one that is reached and says nothing is no broker. */
const OPEN_WITHIN_MS = 10_000;
/** Longest wait for what was opened to close, ms: a client may wait for its broker. */
const CLOSE_WITHIN_MS = 1000;

/**
 * Opens a bus in steps. Whatever fails, and whatever takes too long, nothing stays open.
 * @throws BusRefusal that says which step failed and why
 */
export async function openBus(bus: BusName, url: string, open: (opening: Opening) => Promise<Bus>, within = OPEN_WITHIN_MS): Promise<Bus> {
  const closers: (() => unknown)[] = [];
  let isOver = false;
  const settle = async (close: () => unknown): Promise<void> => {
    try {
      await close();
    } catch {
      // What is broken already needs no closing.
    }
  };
  const late = AbortSignal.timeout(within);
  const opening: Opening = {
    step: async (call, work) => {
      try {
        return await orAborted(work(), late, `no answer within ${within / 1000} s`);
      } catch (error) {
        if (error instanceof UserError) throw error;
        throw new BusRefusal(bus, url, call === 'connect' && NOT_LET_IN.test(reasonOf(error)) ? 'authenticate' : call, error);
      }
    },
    opened: (thing, close) => {
      if (isOver) void settle(() => close(thing));
      else closers.push(() => close(thing));
      return thing;
    },
  };
  try {
    return await open(opening);
  } catch (error) {
    isOver = true;
    await orAborted(Promise.all(closers.toReversed().map(settle)), AbortSignal.timeout(CLOSE_WITHIN_MS), 'still open').catch(() => {});
    throw error;
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error(message));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

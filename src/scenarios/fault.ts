/** What goes wrong on purpose: to processes at a moment of the measured window, and to deliveries by chance. */
import { exactDuration, nearest, parseDuration, parseShare } from '../base/units.js';
import { didYouMean, expected } from './problem.js';

/** Processes that can be killed or stopped. `consumer`: those of the consumers. */
export const FAULT_PROCESSES = ['server', 'consumer', 'broker'] as const;
export type FaultProcess = (typeof FAULT_PROCESSES)[number];

/** `crash`: SIGKILL, and started again `for` ms later; `pause`: SIGSTOP, and SIGCONT `for` ms later. `at` counts from the start of the window. */
export interface ProcessFault {
  kind: 'crash' | 'pause';
  process: FaultProcess;
  at: number;
  for: number;
}

/** A share of the deliveries of every consumer: given twice, never given, held back for another one, or given `by` ms late. */
export type DeliveryFault = { kind: 'duplicate' | 'drop' | 'reorder'; share: number } | { kind: 'delay'; share: number; by: number };

/** Events that fail at every attempt: a share of them, or those of one order (the index of its request). */
export type PoisonFault = { kind: 'poison'; share: number } | { kind: 'poison'; order: number };

export type Fault = ProcessFault | DeliveryFault | PoisonFault;

/** Whether it happens to a process. */
export function isProcessFault(fault: Fault): fault is ProcessFault {
  return fault.kind === 'crash' || fault.kind === 'pause';
}

/** The sentence that a fault is written as; parsed again it is the same fault. */
export function formatFault(fault: Fault): string {
  if (isProcessFault(fault)) {
    return `${fault.kind} ${fault.process} at ${exactDuration(fault.at)} for ${exactDuration(fault.for)}`;
  }
  if (fault.kind === 'delay') return `delay ${exactShare(fault.share)} by ${exactDuration(fault.by)}`;
  return `${fault.kind} ${'order' in fault ? `order ${fault.order}` : exactShare(fault.share)}`;
}

/** The first two faults that cannot both be meant, as a sentence about the second, with its position; undefined when there are none. */
export function contradiction(faults: readonly Fault[]): { position: number; message: string } | undefined {
  for (const [position, fault] of faults.entries()) {
    const other = faults.slice(0, position).find((earlier) => areAtOdds(earlier, fault));
    if (!other) continue;
    const how = isProcessFault(fault) ? 'overlaps' : 'says again, in another way,';
    return { position, message: `"${formatFault(fault)}" ${how} "${formatFault(other)}"` };
  }
  return undefined;
}

/** One process has one fault at a time, and each kind of delivery fault has one share. */
function areAtOdds(a: Fault, b: Fault): boolean {
  if (isProcessFault(a) && isProcessFault(b)) {
    return a.process === b.process && a.at < b.at + b.for && b.at < a.at + a.for;
  }
  return a.kind === b.kind && 'share' in a && 'share' in b;
}

/** As a percentage where that is read as the same number. */
function exactShare(share: number): string {
  const percent = `${Number((share * 100).toPrecision(12))}%`;
  return parseShare(percent) === share ? percent : String(share);
}

/** How long a process is away when nothing is said, ms. */
export const DEFAULT_FAULT_MS = 500;
const DAY_MS = 86_400_000;
/** A smaller share hits nothing within any trial. */
const LEAST_SHARE = 0.0001;
const MOST_ORDER = 1e9;

/** An example of each kind. */
const FORMS: Record<Fault['kind'], string> = {
  crash: 'crash server at 3s for 500ms',
  pause: 'pause server at 3s for 1s',
  duplicate: 'duplicate 5%',
  drop: 'drop 1%',
  reorder: 'reorder 5%',
  delay: 'delay 10% by 300ms',
  poison: 'poison 1%" or "poison order 17',
};
const KINDS = Object.keys(FORMS) as Fault['kind'][];

/** What such a sentence looks like, for editors. */
export const FAULT_PATTERN =
  `^ *((crash|pause):? +(${FAULT_PROCESSES.join('|')}) +at +[^ ]+( +for +[^ ]+)?|(duplicate|drop|reorder):? +[^ ]+|` +
  'delay:? +[^ ]+ +by +[^ ]+|poison:? +(order +)?[^ ]+) *$';

/** Reads one sentence: the fault, or what is wrong with it. */
export function parseFault(text: string): { fault: Fault } | { mistake: string } {
  const words = new Words(text);
  try {
    const kind = words.oneOf(KINDS, 'a fault');
    words.form = FORMS[kind];
    const fault = faultOf(kind, words);
    words.end();
    return { fault };
  } catch (error) {
    if (error instanceof Mistake) return { mistake: error.message };
    throw error;
  }
}

function faultOf(kind: Fault['kind'], words: Words): Fault {
  switch (kind) {
    case 'crash':
    case 'pause':
      return processFault(kind, words);
    case 'delay': {
      const share = words.share();
      words.oneOf(['by'], 'a word');
      return { kind, share, by: words.duration(1) };
    }
    case 'poison':
      return words.isNext('order') ? { kind, order: words.order() } : { kind, share: words.share() };
    default:
      return { kind, share: words.share() };
  }
}

function processFault(kind: ProcessFault['kind'], words: Words): ProcessFault {
  const process = words.oneOf(FAULT_PROCESSES, 'a process');
  words.oneOf(['at'], 'a word');
  const at = words.duration(0);
  return { kind, process, at, for: words.isNext('for') ? words.duration(1) : DEFAULT_FAULT_MS };
}

class Mistake extends Error {}

/** The words of a sentence, taken one after another. */
class Words {
  form = '';
  private readonly words: string[];

  constructor(text: string) {
    this.words = text.trim().split(/\s+/);
    // `crash: server at 3s` is how a mapping writes it.
    this.words[0] = (this.words[0] ?? '').replace(/:$/, '');
  }

  oneOf<const T extends string>(known: readonly T[], what: string): T {
    const word = this.words.shift() ?? '';
    const found = known.find((candidate) => candidate === word);
    const near = word === '' ? undefined : nearest(word, known);
    return found ?? this.fail(expected(`${what} (${known.join(', ')})`, word || undefined), near);
  }

  /** Takes the next word when it is this one. */
  isNext(word: string): boolean {
    if (this.words[0] !== word) return false;
    this.words.shift();
    return true;
  }

  duration(least: number): number {
    return this.value('a duration such as 500ms or 3s', (word) => {
      const ms = parseDuration(word);
      return ms !== undefined && ms >= least && ms <= DAY_MS ? ms : undefined;
    });
  }

  share(): number {
    return this.value('a share from 0.01% to 100%', (word) => {
      const share = parseShare(word);
      return share !== undefined && share >= LEAST_SHARE && share <= 1 ? share : undefined;
    });
  }

  order(): number {
    return this.value('the number of an order, from 0', (word) => (/^\d+$/.test(word) && Number(word) < MOST_ORDER ? Number(word) : undefined));
  }

  end(): void {
    if (this.words.length > 0) this.fail(expected('nothing more', this.words.join(' ')));
  }

  private value<T>(what: string, read: (word: string) => T | undefined): T {
    const word = this.words.shift();
    return read(word ?? '') ?? this.fail(expected(what, word));
  }

  private fail(message: string, suggestion?: string): never {
    const form = this.form === '' ? '' : ` (as in "${this.form}")`;
    throw new Mistake(`${message}${didYouMean(suggestion)}${form}`);
  }
}

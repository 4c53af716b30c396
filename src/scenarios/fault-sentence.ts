/** Faults as people write them, in a scenario and behind `--fault`: `crash server at 3s for 500ms`, `duplicate 5%`. */
import { nearest, parseDuration, parseShare } from '../base/units.js';
import { FAULT_PROCESSES, type Fault, type ProcessFault } from './fault.js';
import { didYouMean, expected } from './problem.js';

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

/** Values that nobody is to read who reads what this program prints or saves. */
import { createHash } from 'node:crypto';

const HIDDEN = '***';

/** A value that is used and never shown: wherever it is printed, saved or put into a text, its stand-in is. */
export class Secret {
  readonly #value: string;
  readonly #shown: string;

  /** @param shown stands in for it: where it comes from, if that is known */
  constructor(value: string, shown = HIDDEN) {
    this.#value = value;
    this.#shown = shown;
  }

  /** The value itself, for the one place that uses it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#shown;
  }
}

/** A text that may be a secret. */
export type Text = string | Secret;

/** The text itself. */
export function reveal(text: Text): string {
  return typeof text === 'string' ? text : text.reveal();
}

/**
 * A long text as a secret, with a mark that tells two of them apart: 16 bits of its hash, too few to find it out by trying.
 * @param source what the mark is made of, where the value is another on every machine
 */
export function markedSecret(value: string, source = value): Secret {
  const mark = createHash('sha256').update(source).digest('hex').slice(0, 4);
  return new Secret(value, `${HIDDEN} (sha256 ${mark}...)`);
}

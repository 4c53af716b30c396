/** Why things failed during a trial, counted: the reasons that would otherwise die where they are caught. */

/** One reason for one kind of failure. */
export interface Cause {
  /** `publish`, `read`, `acknowledge`: of a bus; `call`: of a service; `answer`: to a request. */
  call: 'publish' | 'read' | 'acknowledge' | 'call' | 'answer';
  /**
   * Type of the event that was not taken; the consumer that could not read, or not say that it was done; the step that called;
   * the outcome of the request.
   */
  of: string;
  /** In the words of whoever said no, without secrets. */
  reason: string;
  count: number;
}

/** Different reasons that are told apart; what comes beyond them is one more for each kind. */
const MOST = 50;
const OTHERS = 'other reasons';

/** Counts causes. */
export class Causes {
  private readonly byKey = new Map<string, Cause>();

  note(call: Cause['call'], of: string, reason: string): void {
    const known = this.byKey.get(keyOf(call, of, reason));
    if (known) known.count++;
    else this.count({ call, of, reason: this.byKey.size < MOST ? reason : OTHERS, count: 1 });
  }

  /** The most frequent first. */
  report(): Cause[] {
    return [...this.byKey.values()].toSorted((a, b) => b.count - a.count);
  }

  /** What others have counted. */
  count({ call, of, reason, count }: Cause): void {
    const key = keyOf(call, of, reason);
    const known = this.byKey.get(key);
    if (known) known.count += count;
    else this.byKey.set(key, { call, of, reason, count });
  }
}

/** Names and reasons are lines of text: no line break is in them. */
function keyOf(call: string, of: string, reason: string): string {
  return `${call}\n${of}\n${reason}`;
}

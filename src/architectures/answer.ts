/** Reads answers of simulated services: HTTP/1.1 with a length. Everything else is no answer. */

/** More than this is no head of ours, characters. */
const MOST_HEAD = 16_384;

/** What is known of an answer: nothing yet, or its status, or that it is none. */
export type Answer = number | 'incomplete' | 'broken';

/** The answers of one connection, one after another, in whatever pieces they come. */
export class AnswerReader {
  /** When the last whole answer says to come again (`Retry-After`), as a time from then, ms; 0 when it does not. */
  retryAfter = 0;
  /** What has arrived of an answer that is not complete. */
  private rest = '';

  /** The next piece, as latin1: a character is a byte. What comes after a whole answer breaks it: nobody asked for it. */
  read(piece: string): Answer {
    const text = this.rest === '' ? piece : this.rest + piece;
    const answer = answerOf(text);
    this.rest = answer === 'incomplete' ? text : '';
    this.retryAfter = answer === 429 ? retryAfterIn(text) : 0;
    return answer;
  }

  /** A new connection: nothing of an earlier one counts. */
  reset(): void {
    this.rest = '';
  }
}

function answerOf(text: string): Answer {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return text.length > MOST_HEAD || !text.startsWith('HTTP/1.1 '.slice(0, text.length)) ? 'broken' : 'incomplete';
  const status = Number(text.slice(9, 12));
  const length = lengthOf(text, head);
  if (!text.startsWith('HTTP/1.1 ') || !(status >= 200 && status < 600) || length === undefined) return 'broken';
  const missing = head + 4 + length - text.length;
  if (missing > 0) return 'incomplete';
  return missing < 0 ? 'broken' : status;
}

/** Seconds of a `Retry-After`, as ms; 0 where there is none. Simulated services write no dates. */
function retryAfterIn(text: string): number {
  const match = /\r\nretry-after: *(\d+) *\r\n/i.exec(text);
  return Number(match?.[1] ?? 0) * 1000;
}

/** Length of the body, bytes; undefined when the head does not tell. */
function lengthOf(text: string, head: number): number | undefined {
  const match = /\r\ncontent-length: *(\d+) *\r\n/i.exec(text.slice(0, head + 2));
  return match ? Number(match[1]) : undefined;
}

/** Reads the requests of one connection: HTTP/1.1 with or without a body of a told length. Everything else is none. */

/** One request; its body is read past. */
export interface CallRequest {
  method: string;
  path: string;
  /** Whether the connection is to take another one. */
  keepsAlive: boolean;
}

/** More than this is no head of a call, characters. */
const MOST_HEAD = 16_384;
const FIRST_LINE = /^([A-Z]+) (\/[^ \r\n]*) HTTP\/1\.1\r\n/;
/** What a first line may be as far as it has come. */
const BEGINNING = /^[A-Z]+($| )/;

/** The requests of one connection, one after another, in whatever pieces they come. */
export class RequestReader {
  /** What has arrived and is not read yet. */
  private rest = '';
  /** A request whose body is still to come. */
  private pending: CallRequest | null = null;
  /** Bytes of its body that are still to be read past. */
  private missing = 0;

  /** Characters that wait to be read. */
  get waiting(): number {
    return this.rest.length;
  }

  /** The next piece, as latin1: a character is a byte. */
  add(piece: string): void {
    this.rest = this.rest === '' ? piece : this.rest + piece;
  }

  /** The next whole request. After `broken` there is no telling what comes next. */
  next(): CallRequest | 'incomplete' | 'broken' {
    if (!this.pending) {
      const found = this.head();
      if (typeof found === 'string') return found;
      this.pending = found;
    }
    const read = Math.min(this.missing, this.rest.length);
    this.rest = this.rest.slice(read);
    this.missing -= read;
    if (this.missing > 0) return 'incomplete';
    const request = this.pending;
    this.pending = null;
    return request;
  }

  private head(): CallRequest | 'incomplete' | 'broken' {
    const { rest } = this;
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return mayBecomeHead(rest) ? 'incomplete' : 'broken';
    const head = rest.slice(0, end + 2);
    const [, method, path] = FIRST_LINE.exec(head) ?? [];
    const length = lengthOf(head);
    if (method === undefined || path === undefined || length === undefined) return 'broken';
    this.rest = rest.slice(end + 4);
    this.missing = length;
    return { method, path, keepsAlive: !/\r\nconnection: *close *\r\n/i.test(head) };
  }
}

function mayBecomeHead(text: string): boolean {
  if (text === '') return true;
  if (text.length > MOST_HEAD || !BEGINNING.test(text)) return false;
  return !text.includes('\r\n') || FIRST_LINE.test(text);
}

/** Length of the body, bytes; undefined when the head does not tell it in a way that is understood. */
function lengthOf(head: string): number | undefined {
  if (/\r\ntransfer-encoding:/i.test(head)) return undefined;
  const [, length] = /\r\ncontent-length:([^\r\n]*)\r\n/i.exec(head) ?? [];
  if (length === undefined) return 0;
  return /^ *\d+ *$/.test(length) ? Number(length) : undefined;
}

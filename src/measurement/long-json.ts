/**
 * JSON that may be longer than a text can be (about half a billion characters): its long strings, which raw samples are,
 * are written and read one by one. What is written is plain JSON, the same to whoever else reads it.
 */

/** Strings from here on are kept apart, characters. */
const LONG = 65_536;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const BOM = Buffer.from('\uFEFF');

/** The JSON of a value, two spaces a level, in pieces none of which is much longer than its longest string. */
export function* jsonPieces(value: unknown, long = LONG): Generator<string> {
  const kept: string[] = [];
  const text = JSON.stringify(
    value,
    (_, inner: unknown) => (typeof inner === 'string' && inner.length >= long ? standIn(kept.push(inner) - 1) : inner),
    2,
  );
  // Every second part is the position of a string.
  for (const [part, piece] of text.split(STAND_IN).entries()) yield part % 2 === 0 ? piece : JSON.stringify(kept[Number(piece)]);
}

/**
 * The value of a JSON text in UTF-8, with or without a mark of byte order.
 * @throws SyntaxError when it is no JSON
 */
export function parseLongJson(bytes: Buffer, long = LONG): unknown {
  const start = bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
  const { pieces, kept } = withoutLongStrings(bytes, start, long);
  const text = Buffer.concat(pieces).toString();
  if (kept.length === 0) return JSON.parse(text);
  return JSON.parse(text, (_, inner: unknown) => {
    const position = typeof inner === 'string' ? positionIn(inner) : undefined;
    return position === undefined ? inner : kept[position];
  });
}

/** Cuts long strings out of a text: what is left of it, and the strings. */
function withoutLongStrings(bytes: Buffer, start: number, long: number): { pieces: Buffer[]; kept: string[] } {
  const pieces: Buffer[] = [];
  const kept: string[] = [];
  let from = start;
  for (let open = bytes.indexOf(QUOTE, start); open >= 0; ) {
    const close = endOfString(bytes, open);
    if (close < 0) break;
    if (close - open > long && !isKey(bytes, close)) {
      const inside = bytes.subarray(open + 1, close);
      pieces.push(bytes.subarray(from, open), Buffer.from(JSON.stringify(standIn(kept.length))));
      // Base64 needs one byte a character, and no look at escapes.
      kept.push(inside.includes(BACKSLASH) ? (JSON.parse(`"${inside.toString()}"`) as string) : inside.toString());
      from = close + 1;
    }
    open = bytes.indexOf(QUOTE, close + 1);
  }
  return { pieces: [...pieces, bytes.subarray(from)], kept };
}

/** Where the string that opens there is closed; -1 when it is not. */
function endOfString(bytes: Buffer, open: number): number {
  let close = open;
  do {
    close = bytes.indexOf(QUOTE, close + 1);
  } while (close >= 0 && backslashesBefore(bytes, close) % 2 === 1);
  return close;
}

function isKey(bytes: Buffer, close: number): boolean {
  let after = close + 1;
  while (WHITESPACE.has(bytes[after] ?? 0)) after++;
  return bytes[after] === COLON;
}

function backslashesBefore(bytes: Buffer, at: number): number {
  let count = 0;
  while (bytes[at - 1 - count] === BACKSLASH) count++;
  return count;
}

/** What stands for a long string while the rest is written or read. No text of a record holds such characters. */
function standIn(position: number): string {
  return `\u0001long ${position}\u0001`;
}

const STAND_IN = /"\\u0001long (\d+)\\u0001"/;

function positionIn(text: string): number | undefined {
  // eslint-disable-next-line no-control-regex
  const found = text.length < 40 ? /^\u0001long (\d+)\u0001$/.exec(text) : null;
  return found ? Number(found[1]) : undefined;
}

/** The elements of the long list of a JSON document, one at a time: a large file has no room as a whole. Also documents one behind the other. */

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d];

/** Space, and a byte order mark. */
const SPACE: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/** Where an element stands, and the key of its list; no key when the document is the list. */
export interface Element {
  key: string | null;
  from: number;
  to: number;
}

/**
 * The objects of the list of a document: the document itself, or what stands under one of `keys` in it.
 * @returns null when there is no such list, or brackets do not match: read it as a whole
 */
export function elementsOf(bytes: Uint8Array, keys: ReadonlySet<string>): Element[] | null {
  const elements: Element[] = [];
  /** Depth of the list; 0 until it is found. */
  let [listDepth, depth, from] = [0, 0, 0];
  let word: string | null = null;
  let key: string | null = null;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (end < 0) return null;
      if (depth === 1) word = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, end - at - 1).toString();
      at = end;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      depth++;
      if (byte === OPEN && listDepth > 0 && depth === listDepth + 1) from = at;
      if (byte === OPEN_LIST && listDepth === 0 && (depth === 1 || (depth === 2 && keys.has(word ?? '')))) [listDepth, key] = [depth, depth === 1 ? null : word];
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--;
      if (byte === CLOSE && listDepth > 0 && depth === listDepth) elements.push({ key, from, to: at + 1 });
      // Another list of the same depth is not this one.
      if (depth < listDepth) listDepth = Infinity;
    } else if (listDepth === 0 && depth === 0 && byte === COMMA) return null;
  }
  return depth === 0 && elements.length > 0 ? elements : null;
}

/** The documents of a text that has several, one behind the other; none when anything but space lies between them. */
export function documentsOf(bytes: Uint8Array): Pick<Element, 'from' | 'to'>[] {
  const documents: Pick<Element, 'from' | 'to'>[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE && depth > 0) {
      const end = endOfString(bytes, at);
      if (end < 0) return [];
      at = end;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (depth++ === 0) from = at;
    } else if ((byte === CLOSE || byte === CLOSE_LIST) && depth > 0) {
      if (--depth === 0) documents.push({ from, to: at + 1 });
    } else if (depth === 0 && !SPACE.has(byte)) return [];
  }
  return depth === 0 ? documents : [];
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}

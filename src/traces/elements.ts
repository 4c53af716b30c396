/** The elements of the long list of a JSON document, one at a time: a large file has no room as a whole. */

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d];

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

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}

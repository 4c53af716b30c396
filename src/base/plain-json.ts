/** Plain data with typed arrays and numbers that JSON lacks, as JSON: what processes of one machine tell each other as it is. */

/** Columns that processes keep. */
const ARRAYS = { Float32Array, Float64Array, Int32Array, Uint8Array, Uint16Array };
type ArrayName = keyof typeof ARRAYS;

/** Names under which values stand that JSON has no word for. */
const ARRAY = '$array';
const NUMBER = '$number';

/** The text. */
export function toPlainJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'number' && !Number.isFinite(one)) return { [NUMBER]: String(one) };
    const name = ArrayBuffer.isView(one) ? one.constructor.name : '';
    if (!(name in ARRAYS)) return one;
    const { buffer, byteOffset, byteLength } = one as Float64Array;
    return { [ARRAY]: name, base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
  }) ?? 'null';
}

/** What was made a text of. @throws SyntaxError when it is none */
export function fromPlainJson(text: string): unknown {
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    if (NUMBER in one) return Number(one[NUMBER]);
    return ARRAY in one && 'base64' in one ? arrayOf(one[ARRAY] as ArrayName, String(one.base64)) : one;
  });
}

function arrayOf(name: ArrayName, base64: string): unknown {
  const bytes = Buffer.from(base64, 'base64');
  // Copied, so that it begins where an array of its kind may.
  return name in ARRAYS ? new ARRAYS[name](new Uint8Array(bytes).buffer) : null;
}

/** Ids of traces and spans: hexadecimal, or base64 as protobuf's own JSON writes bytes. */

const ZEROS = /^0*$/;
const HEX = /^[0-9a-f]+$/;

/**
 * An id in lower-case hexadecimal, of its whole length, where it is one, as it stands otherwise; empty for none.
 * @param bytes how long it is: 16 for a trace, 8 for a span
 */
export function idOf(written: unknown, bytes: 8 | 16): string {
  if (typeof written !== 'string') return '';
  const id = written.length === 2 * bytes ? written.toLowerCase() : unusual(written, bytes);
  return ZEROS.test(id) ? '' : id;
}

/** Jaeger leaves out zeros at the front, and traces of Zipkin may have 8 bytes. */
function unusual(written: string, bytes: 8 | 16): string {
  if (HEX.test(written)) return written.padStart(2 * bytes, '0');
  return isBase64(written, bytes) ? Buffer.from(written, 'base64').toString('hex') : written.toLowerCase();
}

/** 16 bytes are 22 signs and `==`, 8 bytes 11 signs and `=`. */
function isBase64(text: string, bytes: 8 | 16): boolean {
  return (bytes === 16 ? /^[A-Za-z0-9+/_-]{22}(==)?$/ : /^[A-Za-z0-9+/_-]{11}=?$/).test(text);
}

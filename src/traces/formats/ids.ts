/** Ids of traces and spans: hexadecimal, or base64 as protobuf's own JSON writes bytes. */

const ZEROS = /^0*$/;

/**
 * An id in lower-case hexadecimal where it is one, as it stands otherwise; empty for none.
 * @param bytes how long it is when it is base64: 16 for a trace, 8 for a span
 */
export function idOf(written: unknown, bytes: 8 | 16): string {
  if (typeof written !== 'string') return '';
  const id = isBase64(written, bytes) ? Buffer.from(written, 'base64').toString('hex') : written.toLowerCase();
  return ZEROS.test(id) ? '' : id;
}

/** 16 bytes are 22 signs and `==`, 8 bytes 11 signs and `=`; hexadecimal is 32 and 16 signs long. */
function isBase64(text: string, bytes: 8 | 16): boolean {
  const signs = bytes === 16 ? 22 : 11;
  if (text.length !== signs && text.length !== (bytes === 16 ? 24 : 12)) return false;
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && text.replace(/=+$/, '').length === signs;
}

/** Whose a SQLite file is, told by its header alone: opening a file of another application could change it already. */
import { open } from 'node:fs/promises';

/** `svse` in ASCII: what `PRAGMA application_id` says of an outbox. */
export const APPLICATION_ID = 0x73_76_73_65;

const MAGIC = 'SQLite format 3\0';
/** Where the header of a file has the number of its application. */
const APPLICATION_ID_AT = 68;
const HEADER_BYTES = 100;

/**
 * Resolves for an outbox, and for a file that does not exist or is empty.
 * @throws Error for any other
 */
export async function assertOutbox(path: string): Promise<void> {
  const header = await headerOf(path);
  if (header.length === 0) return;
  if (header.length < HEADER_BYTES || !header.toString('latin1').startsWith(MAGIC)) throw new Error('it is no SQLite file');
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) throw new Error('it is a SQLite database of another application');
}

/** Empty where there is nothing to read: what cannot be opened is found out by whoever opens it. */
async function headerOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * A mistake of the user or of their machine, said so that they can mend it: what is wrong, where, and what to do.
 * It is printed without a stack; every other error keeps its stack.
 */
export class UserError extends Error {
  override name = 'UserError';
}

/** What went wrong, in words, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why connections fail, as people say it. */

/** Nobody said why. */
export const CLOSED = 'connection closed before a whole answer';

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: CLOSED,
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'host not found',
  EMFILE: 'too many open files (ulimit -n)',
  EADDRNOTAVAIL: 'no free port for another connection',
};

/** The words for a system's code; undefined where there are none. */
export function connectionWords(code: string | undefined): string | undefined {
  return code === undefined || !Object.hasOwn(WORDS, code) ? undefined : WORDS[code];
}

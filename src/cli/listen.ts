/** Listening where other machines can reach it: only when that is meant. */
import { isOwnAddress } from '../base/listening.js';
import type { Io } from './io.js';
import { consentOf } from './targets.js';

/** Address that is listened on when nothing is said. */
export const OWN = '127.0.0.1';

/**
 * Says what is about to listen where others can reach it, and asks whether it is meant.
 * @param what about to listen
 * @throws UserError when nobody can be asked and `--yes` was not given, or the answer is no
 */
export async function consentToListen(what: readonly string[], { host = OWN, yes }: { host?: string; yes?: boolean }, io: Io): Promise<void> {
  if (isOwnAddress(host)) return;
  await consentOf(
    {
      heading: 'About to listen where other machines can reach it:',
      lines: what.map((name) => `${name} at ${host}`),
      question: 'Is that meant?',
      unasked: 'Whoever reaches it may load this machine: --yes says that this is meant.',
      refused: 'Nothing was started.',
    },
    yes === true,
    io,
  );
}

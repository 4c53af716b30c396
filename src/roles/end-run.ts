/** Ends a run over its control line, from wherever its record is made. */
import { request } from 'node:http';
import { messageOf, UserError } from '../base/errors.js';
import { authorization, controlUrl } from './protocol.js';

/** Longest wait for a line to say that it is one, ms. */
const ANSWERED_WITHIN = 10_000;

/**
 * Resolves when all roles have handed over what they saw, however long that takes.
 * @throws UserError when the line is not there, or refuses
 */
export async function endRun(url: string, token: string | undefined): Promise<void> {
  const line = controlUrl(url, '--end');
  // Whoever is silent here is no control line: the answer to the next question takes as long as the run's end does.
  await asked(`${line}/live`, 'GET', {}, ANSWERED_WITHIN);
  const status = await asked(`${line}/stop`, 'POST', authorization(token), 0);
  if (status === 401) throw new UserError(`--end ${line}: the token is not that of this control line: put it into the environment, as SYNC_VS_EVENTS_TOKEN.`);
  if (status !== 200) throw new UserError(`--end ${line}: this is no control line of sync-vs-events: it answers ${status}. Give the address that \`serve control\` prints.`);
}

/** @param timeout longest silence, ms; 0 for any */
async function asked(url: string, method: string, headers: Record<string, string>, timeout: number): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const question = request(url, { method, headers, timeout }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
    });
    question.once('timeout', () => question.destroy(new Error('it says nothing')));
    question.once('error', reject).end();
  }).catch((error: unknown) => {
    throw new UserError(`--end ${new URL(url).origin}: the control line does not answer: ${messageOf(error)}. What its roles left is where they ran.`);
  });
}

/** Ends a run over its control line, from wherever its record is made. */
import { request } from 'node:http';
import { messageOf, UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import { authorization } from './protocol.js';

/**
 * Resolves when all roles have handed over what they saw, however long that takes.
 * @throws UserError when the line is not there, or refuses
 */
export async function endRun(url: string, token: string | undefined): Promise<void> {
  const shown = maskUrls(url);
  const status = await new Promise<number>((resolve, reject) => {
    // Its answer comes when all is over: no time limit.
    const asked = request(`${url.replace(/\/+$/, '')}/stop`, { method: 'POST', headers: authorization(token) }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
    });
    asked.once('error', reject).end();
  }).catch((error: unknown) => {
    throw new UserError(`--end ${shown}: the control line does not answer: ${messageOf(error)}. What its roles left is where they ran.`);
  });
  if (status === 401) throw new UserError(`--end ${shown}: the token is not that of this control line: put it into the environment, as SYNC_VS_EVENTS_TOKEN.`);
  if (status !== 200) throw new UserError(`--end ${shown}: this is no control line of sync-vs-events: it answers ${status}. Give the address that \`serve control\` prints.`);
}

/**
 * The control line: HTTP from each role to the one that controls the run. A role joins, asks for calls and answers them, as a
 * process does for its parent; compares clocks; and hands over its files in the end. Whoever asks has to know the token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { CallMessage } from '../processes/channel.js';
import { ROLES, type Role } from './run-folder.js';

/** What a role says when it joins. */
export interface Joining {
  /** Tells one life of a role from another. */
  life: string;
}

/** What a role says when it asks for calls: the number of the last one that it knows, 0 for none. */
export interface Asking extends Joining {
  known: number;
}

/** What a role is told when it asks: the calls after that. */
export interface Calling {
  calls: CallMessage[];
}

/** How a call came out. */
export type Answer = { life: string; call: number } & ({ result: unknown } | { failed: string; user: boolean });

/** When a question came and was answered, ms on the clock of who controls. */
export interface ClockAnswer {
  receivedAt: number;
  repliedAt: number;
}

/** How long a question for calls is kept waiting, ms: no one in between closes a connection that soon. */
export const HELD_FOR = 5000;
/** A role that has not asked for so long is lost, until it asks again, ms. */
export const LOST_AFTER = 15_000;

/** Where the token is read from, when no option says it: it is not in the list of processes then. */
export const TOKEN_VARIABLE = 'SYNC_VS_EVENTS_TOKEN';

/**
 * The address of a control line as it was given, without a slash at its end.
 * @throws UserError for what is none: the line is plain HTTP, and who may speak on it is told by the token alone
 */
export function controlUrl(text: string, flag: string): string {
  const { protocol, username, password, search, hash } = URL.canParse(text) ? new URL(text) : ({} as Partial<URL>);
  if (protocol !== 'http:') throw new UserError(`${flag} ${maskUrls(text)}: expected the address that \`serve control\` prints, http://host:port.`);
  if (username || password || search || hash) throw new UserError(`${flag} ${maskUrls(text)}: expected host and port alone, http://host:port; what it takes to be let in goes into ${TOKEN_VARIABLE}.`);
  return text.replace(/\/+$/, '');
}

/** What is sent along with every message. */
export function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Whether who sent it may speak. In a time that does not depend on how much of the token was right. */
export function isAuthorized(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

/** `/roles/server/next`, taken apart; undefined for another path. */
export function rolePath(path: string): { role: Role; what: string; file: string } | undefined {
  const [, root, role, what = '', file = ''] = path.split('/');
  const known = ROLES.find((one) => one === role);
  return root === 'roles' && known ? { role: known, what, file } : undefined;
}

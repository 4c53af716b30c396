/** How many requests a server says that it has received. */
import { messageOf, UserError } from '../../base/errors.js';
import { reveal } from '../../base/secret.js';
import { maskUrls } from '../../base/urls.js';
import { REQUEST_HEADER } from '../../load/load.js';
import { requestOf } from '../../load/request.js';
import type { Target } from '../../scenarios/target.js';
import { ask } from './ask.js';

/**
 * Reads what the server has counted so far; null when it does not tell.
 * @throws UserError when it should tell and does not
 */
export async function readCount(target: Target): Promise<number | null> {
  if (!target.received) return null;
  try {
    const text = await ('url' in target.received ? countAt(reveal(target.received.url)) : countIn(target, target.received.header));
    const count = Number(text);
    if (!/^\d{1,15}$/.test(text)) throw new Error(`expected a number, got ${JSON.stringify(text.slice(0, 60))}`);
    return count;
  } catch (error) {
    const place = 'url' in target.received ? String(target.received.url) : `the header ${target.received.header} of ${String(target.url)}`;
    throw new UserError(`${target.name}: the number of requests received cannot be read from ${maskUrls(place)}: ${messageOf(error)}.`);
  }
}

/** Requests that the asking itself adds to the count of the next reading. */
export function askedFor(target: Target): number {
  return target.received && 'header' in target.received ? 1 : 0;
}

async function countAt(url: string): Promise<string> {
  const { status, body } = await ask(url);
  if (status !== 200) throw new Error(`it answers with status ${status}`);
  const text = body.trim();
  return text.startsWith('{') ? String((JSON.parse(text) as { received?: unknown }).received) : text;
}

/** Every answer carries the count: one more request of the kind that is measured, told apart as warm-up, has it too. */
async function countIn({ url, method, headers, body }: Target, header: string): Promise<string> {
  const open = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, reveal(value)]));
  const request = requestOf({ url: reveal(url), method, headers: open, body: reveal(body) }, -1);
  const answer = await ask(request.url, { ...request, headers: { ...request.headers, [REQUEST_HEADER]: '-1' } });
  return String(answer.headers[header.toLowerCase()] ?? '').trim();
}

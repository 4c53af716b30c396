/** Starts the server of a target, or sees that it is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../../base/clock.js';
import { messageOf, UserError } from '../../base/errors.js';
import { reveal } from '../../base/secret.js';
import { maskUrls } from '../../base/urls.js';
import { formatDuration } from '../../base/units.js';
import type { Child } from '../../processes/child.js';
import { openCommand } from '../../scenarios/secrets.js';
import type { Target } from '../../scenarios/target.js';
import type { ProcessGroup } from '../process-group.js';
import { ask, isOpen } from './ask.js';
import type { CommandEnd, CommandRemote } from './process.js';

const POLL = 50;
/** A server that nobody has just started serves, or it does not, ms. */
const PATIENCE = 2000;

/**
 * Starts the command of a target, when it has one, and waits until the target serves.
 * @throws UserError when it does not, or when something else is in its place
 */
export async function startTarget(group: ProcessGroup, target: Target): Promise<void> {
  const { name, command } = target;
  const url = reveal(target.url);
  if (command === null) return waitUntilReady(target, PATIENCE, async () => '', group.over);
  if (await isOpen(url)) {
    throw new UserError(
      `${name}: something serves at ${new URL(url).host} already, where its command is to start a server. ` +
        'Stop it, or leave out `command`.',
    );
  }
  const child = await group.start<CommandRemote>('target-process.js');
  group.beforeStop(() => child.calls.stop(undefined));
  const ended = endOf(child, target);
  ended.catch((error: Error) => group.fail(error));
  const pid = await child.calls.start({ command, cwd: process.cwd() });
  void child.exited.then((exit) => exit.signal !== null && pid !== undefined && endGroup(pid));
  await Promise.race([waitUntilReady(target, target.startup, () => child.calls.said(undefined), group.over), ended]);
}

/** A process that was killed could not take its command along. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Rejects when the command ends by itself. */
function endOf(child: Child<CommandRemote>, { name, command }: Target): Promise<never> {
  return new Promise((_, reject) => {
    child.on('ended', ({ code, signal, said }: CommandEnd) => {
      const how = signal ? `was killed by ${signal}` : `ended with code ${code}`;
      reject(new UserError(`${name}: its command (${openCommand(command ?? '')}) ${how}${lastLine(said)}.`));
    });
  });
}

/** @param signal of somebody who waits no longer */
async function waitUntilReady(target: Target, patience: number, said: () => Promise<string>, signal: AbortSignal): Promise<void> {
  const until = now() + patience;
  for (;;) {
    const trouble = await troubleOf(target);
    if (trouble === null) return;
    if (now() >= until) {
      const { name, command } = target;
      const what = command === null ? 'is it running?' : `its command (${openCommand(command)}) was started${lastLine(await said())}.`;
      throw new UserError(`${name} did not serve within ${formatDuration(patience)}: ${trouble}; ${what}`);
    }
    await sleep(POLL, undefined, { signal });
  }
}

/** What stands in the way of loading it; null when nothing does. */
async function troubleOf({ url: text, ready }: Target): Promise<string | null> {
  const url = reveal(text);
  if (ready === null) return (await isOpen(url)) ? null : `nothing accepts connections at ${new URL(url).host}`;
  const place = new URL(ready, url).href;
  try {
    const { status } = await ask(place);
    return status < 500 ? null : `${maskUrls(place)} answers with status ${status}`;
  } catch (error) {
    return `${maskUrls(place)} does not answer (${messageOf(error)})`;
  }
}

function lastLine(said: string): string {
  const line = said.trim().split('\n').at(-1)?.trim();
  return line ? ` and said: ${line}` : '';
}

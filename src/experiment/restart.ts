/** Brings a killed process back, as a supervisor would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../base/clock.js';
import type { Remote } from '../processes/channel.js';
import type { Child } from '../processes/child.js';
import type { ProcessGroup } from './process-group.js';

/** What a process needs may be away as well, a broker or a port: so long it is tried again, and so often, ms. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/**
 * Starts a process again and again until it serves.
 * @param begin makes it serve
 * @throws Error that the last one failed with, when it takes too long or the trial is over
 */
export async function restart<R extends Remote>(
  group: ProcessGroup,
  entry: string,
  begin: (child: Child<R>) => Promise<unknown>,
): Promise<Child<R>> {
  for (const until = now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    const child = await group.start<R>(entry);
    try {
      await begin(child);
      return child;
    } catch (error) {
      await group.kill(child);
      if (now() > until) throw error;
    }
  }
}

/**
 * The child's end of the line to its parent: the parent calls functions by name, the child answers, and may tell the
 * parent something now and then. When the line breaks, however the parent died, the child goes with it.
 */
import { messageOf, UserError } from '../base/errors.js';

/** Functions a process offers to its parent; arguments and results are structured clones. */
export type Remote = Record<string, (argument: never) => unknown>;

/** Parent to child. */
export interface CallMessage {
  call: number;
  name: string;
  argument: unknown;
}

/** Child to parent: the answer to a call, or an event of its own. */
export type ChildMessage =
  | { call: number; result: unknown }
  | { call: number; failed: string; user: boolean }
  | { event: string; data: unknown };

/** Serves the parent's calls until the line breaks. Call it once, at the end of a process entry. */
export function serveParent(remote: Remote): void {
  const functions = remote as Record<string, (argument: unknown) => unknown>;
  process.on('message', (message: CallMessage) => {
    void answer(functions, message);
  });
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the parent decides when a child ends.
  process.on('SIGINT', () => {});
  // The parent may have died while this process was starting.
  if (!process.connected) process.exit(0);
  tellParent('ready', process.pid);
}

/** Tells the parent something; dropped when there is no parent any more. */
export function tellParent(event: string, data: unknown): void {
  send({ event, data });
}

async function answer(functions: Record<string, (argument: unknown) => unknown>, message: CallMessage): Promise<void> {
  try {
    const called = functions[message.name];
    if (!called) throw new Error(`This process has no function ${message.name}`);
    const result = await called(message.argument);
    send({ call: message.call, result });
  } catch (error) {
    send({ call: message.call, failed: messageOf(error), user: error instanceof UserError });
  }
}

/** A line that has broken ends the process all by itself: that nothing can be sent any more is no error of its own. */
function send(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Ctrl-C and its like: the first ends what is under way in order, the second ends the command at once. */
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';

/** What ends a command from outside: Ctrl-C, `kill`, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How often a command was told to end, and who hears of it. */
class Interrupts {
  private readonly controllers = new Set<AbortController>();
  private readonly io: Io;
  count = 0;

  constructor(io: Io) {
    this.io = io;
    for (const signal of SIGNALS) io.on(signal, () => this.hear());
  }

  add(controller: AbortController): () => void {
    this.controllers.add(controller);
    return () => this.controllers.delete(controller);
  }

  /** The first time what is under way ends in order and is recorded; the second time, or with nothing under way, at once. */
  private hear(): void {
    this.count++;
    if (this.count > 1 || this.controllers.size === 0) this.io.exit?.(EXIT.interrupted);
    for (const controller of this.controllers) controller.abort();
  }
}

const heardBy = new WeakMap<Io, Interrupts>();

/** Hears signals from now on, to the end of the process. Called once, before anything else. */
export function hearSignals(io: Io): { interrupted: () => boolean } {
  const interrupts = new Interrupts(io);
  heardBy.set(io, interrupts);
  return { interrupted: () => interrupts.count > 0 };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Aborts on the first Ctrl-C or SIGTERM; after `release` either ends the command at once, as a second one does. */
export function abortOnSignal(io: Io): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const release = heardBy.get(io)?.add(controller);
  return { signal: controller.signal, release: () => release?.() };
}

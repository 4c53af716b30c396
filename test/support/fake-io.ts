/** What stands for the process when a whole command runs inside a test. */
import { EventEmitter } from 'node:events';
import type { Io } from '../../src/cli/io.js';

/** A process with texts for its outputs. */
export interface FakeIo extends Io {
  out(): string;
  err(): string;
  /** The code with which it was ended at once; null: it was not. */
  ended(): number | null;
  /** Sends a signal. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void;
}

/** When everything in a test happens. */
const MOMENT = '2026-01-02T03:04:05.678Z';

/** An `io` for one command. */
export function fakeIo(args: readonly string[], cwd = process.cwd()): FakeIo {
  const signals = new EventEmitter();
  const texts = { out: '', err: '', exit: '' };
  return {
    argv: ['node', 'sync-vs-events', ...args],
    env: { NO_COLOR: '1', LANG: 'C.UTF-8' },
    stdout: { write: (text: string) => (texts.out += text), columns: 100 },
    stderr: { write: (text: string) => (texts.err += text) },
    cwd: () => cwd,
    on: (signal, listener) => signals.on(signal, listener),
    exit: (code) => void (texts.exit = String(code)),
    // Nothing that a command does takes long here: the clock stands.
    time: { date: () => new Date(MOMENT), now: () => 0 },
    out: () => texts.out,
    err: () => texts.err,
    ended: () => (texts.exit === '' ? null : Number(texts.exit)),
    signal: (name) => void signals.emit(name),
  };
}

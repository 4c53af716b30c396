/** The parent's end: starts a process of this package, calls its functions, and is sure to end it. */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BUILD } from '../base/build.js';
import { after } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { formatDuration } from '../base/units.js';
import type { CallMessage, ChildMessage, Remote } from './channel.js';

/** The functions of a process, as its parent sees them: every answer is a promise, for a minute or as long as is said, ms. */
export type Calls<R extends Remote> = {
  [Name in keyof R]: (argument: Parameters<R[Name]>[0], withinMs?: number) => Promise<Awaited<ReturnType<R[Name]>>>;
};

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Last lines of its standard error. */
  stderr: string;
}

/** A running process. */
export interface Child<R extends Remote> {
  name: string;
  pid: number;
  /** Calls a function of the process; rejects when the function throws or the process ends first. */
  calls: Calls<R>;
  /** Hears what the process tells on its own. */
  on(event: string, listener: (data: never) => void): void;
  /** Settles when the process has ended. */
  exited: Promise<Exit>;
  /** Ends the process: at once when it is healthy, by SIGKILL after `graceMs` (default 500). */
  stop(graceMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Options of a process: Node's own flags, and its environment beside the parent's. */
export type ChildOptions = Pick<ForkOptions, 'execArgv'>;

/** Longest wait for a process to start, or to answer where nobody says how long, ms. */
export const ANSWERS_WITHIN = 60_000;

/** Longest wait for the rest of standard error after the end of a process, ms. */
const LAST_WORDS_MS = 100;

/**
 * Room for what has just been made, MB. With thousands of requests under way all of it is still in use when Node's own 16
 * are full, and copying it again and again took a fifth of the server's CPU time at 2,000 users.
 */
const YOUNG_GENERATION = '--max-semi-space-size=64';

/**
 * Starts a process of this package and waits until it serves.
 * @param entry module of the bundle, such as `load-process.js` (`scripts/bundle.js`)
 * @throws Error when it ends before it serves
 */
export async function startChild<R extends Remote>(entry: string, options: ChildOptions = {}): Promise<Child<R>> {
  const child = fork(fileURLToPath(new URL(`bundle/${entry}`, BUILD)), [], {
    serialization: 'advanced', // typed arrays cross without being turned into text
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: options.execArgv ?? [YOUNG_GENERATION],
  });
  const line = new Line<R>(entry.replace(/-process\.js$/, ''), child);
  try {
    await line.begun();
  } catch (error) {
    await line.stop(0);
    throw error;
  }
  return line;
}

class Line<R extends Remote> implements Child<R> {
  readonly name: string;
  readonly calls: Calls<R>;
  readonly exited: Promise<Exit>;
  readonly ready: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly listeners = new Map<string, (data: never) => void>();
  private lastCall = 0;
  private isPaused = false;
  private stderr = '';
  private ended: Exit | undefined;

  constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.child = child;
    this.calls = new Proxy({} as Calls<R>, {
      // A promise is asked for `then`; this is none.
      get: (_, call) => (call === 'then' ? undefined : (argument: unknown, withinMs?: number) => this.call(String(call), argument, withinMs)),
    });
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr = (this.stderr + chunk.toString()).slice(-4000)));
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.ended ??= { code, signal, stderr: this.stderr };
        this.rejectAll(this.ended);
        resolve(this.ended);
      };
      child.once('exit', (code, signal) => {
        // Its last words may still be on the way, or have come before. (`close` of the child is not emitted once this side has disconnected.)
        if (child.stderr?.closed) return end(code, signal);
        child.stderr?.once('close', () => end(code, signal));
        setTimeout(end, LAST_WORDS_MS, code, signal);
      });
      child.once('error', () => end(null, null));
    });
    this.ready = new Promise((resolve, reject) => {
      this.listeners.set('ready', () => resolve());
      void this.exited.then((exit) => reject(new UserError(endedSentence(name, exit))));
    });
    child.on('message', (message: ChildMessage) => this.hear(message));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  on(event: string, listener: (data: never) => void): void {
    this.listeners.set(event, listener);
  }

  /** Resolves when it serves. @throws UserError when it does not in time */
  begun(): Promise<void> {
    return this.inTime(this.ready, 'did not start', ANSWERS_WITHIN);
  }

  /** What is late is given up; nobody is late who was stopped on purpose. */
  private async inTime<T>(answer: Promise<T>, what: string, withinMs: number): Promise<T> {
    let callOff = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const check = (): void => {
        if (this.isPaused) callOff = after(withinMs, check);
        else reject(new UserError(`The ${this.name} process ${what} within ${formatDuration(withinMs)}`));
      };
      callOff = after(withinMs, check);
    });
    return Promise.race([answer, late]).finally(() => callOff());
  }

  kill(signal: NodeJS.Signals): void {
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') this.isPaused = signal === 'SIGSTOP';
    this.child.kill(signal);
  }

  async stop(graceMs = 500): Promise<void> {
    if (this.ended) return;
    // A broken line is the child's signal to go.
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(timer);
  }

  private call(name: string, argument: unknown, withinMs = ANSWERS_WITHIN): Promise<unknown> {
    if (this.ended) return Promise.reject(new UserError(endedSentence(this.name, this.ended)));
    const call = ++this.lastCall;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(call, { resolve, reject });
      // Where nobody hears it the process is ending: its end rejects the call, and knows why.
      this.child.send({ call, name, argument } satisfies CallMessage, () => {});
    });
    return this.inTime(answer, `did not answer "${name}"`, withinMs);
  }

  private hear(message: ChildMessage): void {
    if ('event' in message) return this.listeners.get(message.event)?.(message.data as never);
    const waiting = this.settle(message.call);
    if ('failed' in message) waiting?.reject(message.user ? new UserError(message.failed) : new Error(message.failed));
    else waiting?.resolve(message.result);
  }

  private settle(call: number): { resolve: (value: unknown) => void; reject: (error: Error) => void } | undefined {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    return waiting;
  }

  private rejectAll(exit: Exit): void {
    for (const call of this.waiting.keys()) this.settle(call)?.reject(new UserError(endedSentence(this.name, exit)));
  }
}

/** One line about a process that ended by itself, with the last line it wrote to standard error. */
export function endedSentence(name: string, exit: Exit): string {
  const how = exit.signal ? `was killed by ${exit.signal}` : `ended with code ${exit.code}`;
  const lines = exit.stderr.trim().split('\n');
  const said = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
  return `The ${name} process ${how}${said ? `: ${said.trim()}` : ''}`;
}

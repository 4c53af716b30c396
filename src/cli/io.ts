/** The part of `process` that the command line uses: a parameter, so that whole commands run inside a test. */
export interface Io {
  argv: string[];
  env: NodeJS.ProcessEnv;
  stdin?: NodeJS.ReadableStream & { isTTY?: boolean };
  stdout: Output;
  stderr: Output;
  cwd(): string;
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  /** What stands for the machine's calendar and clock in a test. */
  time?: Time;
}

/** The moment of a run for its record, and milliseconds for what is told while it runs. */
export interface Time {
  date: () => Date;
  now: () => number;
}

const MACHINE: Time = { date: () => new Date(), now: () => performance.now() };

/** The time that commands go by. */
export function timeOf({ time = MACHINE }: Pick<Io, 'time'>): Time {
  return time;
}

/** A stream to print on. */
export interface Output {
  write(text: string): unknown;
  on?(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  isTTY?: boolean;
  columns?: number;
}

/**
 * Whoever read what is printed may go away (`bench 2>&1 | head -1`): the run goes on without them, and its files are written.
 * @throws any other error of a stream, such as a full disk
 */
export function outliveReaders({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): void {
  for (const stream of [stdout, stderr]) {
    stream.on?.('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Aborts on the first Ctrl-C or SIGTERM; `release` gives the signals back. */
export function abortOnSignal(io: Io): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  io.on('SIGINT', abort);
  io.on('SIGTERM', abort);
  return {
    signal: controller.signal,
    release: () => {
      io.off('SIGINT', abort);
      io.off('SIGTERM', abort);
    },
  };
}

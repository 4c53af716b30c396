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
}

/** A stream to print on. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
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

/** The command line, from arguments to an exit code. Nothing here or below calls `process.exit` but a second Ctrl-C. */
import { CommanderError } from 'commander';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import { EXIT } from './exit-codes.js';
import { outliveReaders, type Io } from './io.js';
import type { Parts } from './parts.js';
import { buildProgram } from './program.js';
import { hearSignals } from './signals.js';
import { sourceStack } from './source-stack.js';

/**
 * Runs one command.
 * @param io the process, or what stands for it in a test
 * @returns the exit code (see `exit-codes.ts`)
 */
export async function main(given: Io, parts: Parts = {}): Promise<number> {
  const io = discreet(given);
  outliveReaders(io);
  const { interrupted } = hearSignals(io);
  let exitCode: number = EXIT.passed;
  const program = buildProgram(io, parts, (code) => (exitCode = code));
  try {
    await program.parseAsync(io.argv);
    return exitCode;
  } catch (error) {
    // What an interrupted command was waiting for is no defect.
    if (interrupted() && !(error instanceof UserError)) return EXIT.interrupted;
    const code = report(error, io);
    return interrupted() ? EXIT.interrupted : code;
  }
}

/** Whatever is said beside the report, by whomever (commander repeats what it does not understand), is said without secrets. */
function discreet(given: Io): Io {
  const { argv, env, stdout, stderr, time } = given;
  return {
    argv,
    env,
    stdout,
    // Opened when it is read, and not before.
    get stdin() {
      return given.stdin as NonNullable<Io['stdin']>;
    },
    stderr: {
      write: (text) => stderr.write(maskUrls(text)),
      on: (event, listener) => stderr.on?.(event, listener),
      get isTTY() {
        return stderr.isTTY === true;
      },
      get columns() {
        return stderr.columns ?? 0;
      },
      get rows() {
        return stderr.rows ?? 0;
      },
    },
    cwd: () => given.cwd(),
    on: (signal, listener) => given.on(signal, listener),
    exit: (code) => given.exit?.(code),
    given: given.given ?? new Map<string, string>(),
    ...(given.deliver ? { deliver: (found) => given.deliver?.(found) } : {}),
    ...(time ? { time } : {}),
  };
}

function report(error: unknown, io: Io): number {
  // Commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.couldNotRun;
  if (error instanceof UserError) {
    io.stderr.write(`error: ${error.message}\n`);
    return EXIT.couldNotRun;
  }
  io.stderr.write(`${error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error)}\n`);
  io.stderr.write('This is a defect of sync-vs-events: please report it with the lines above.\n');
  return EXIT.couldNotRun;
}

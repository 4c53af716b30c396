/**
 * Makes "unit tests never sleep" a program: timers, clocks, threads, child processes and sockets throw while a test runs.
 * Loading a module may read a clock; vitest and fast-check may at any time.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import threads from 'node:worker_threads';

/** Who else runs in a test's thread and may know the time: the runner, and the library of properties. */
const RUNNERS = /node_modules\/(?:vitest|@vitest|vite|chai|fast-check|@sinonjs)\/|node:internal/;

/** Who evaluates a module: a clock may be read once to be set, also where a test is the first to need it. */
const LOADING = /node:internal\/modules\/|ModuleEvaluator/;

const KEPT = Symbol.for('sync-vs-events: guard');

interface Guard {
  armed: boolean;
}

const ADVICE = {
  timer: 'bring a clock of your own, or name the file *.smoke.test.ts or *.live.test.ts',
  clock: 'hand in the time, or name the file *.smoke.test.ts or *.live.test.ts',
  process: 'hand in what it would tell, or name the file *.smoke.test.ts or *.live.test.ts',
  socket: 'call what it would serve, or name the file *.smoke.test.ts or *.live.test.ts',
} as const;

type Kind = keyof typeof ADVICE;

type Members = Record<string, unknown>;

/** From now on the guarded things throw between `arm` and `disarm`; set up once a thread, however often it is called. */
export function setGuard(): Guard {
  const store = globalThis as { [KEPT]?: Guard };
  return (store[KEPT] ??= install());
}

function install(): Guard {
  const guard: Guard = { armed: false };

  /** The same member, refused while a test runs. */
  function refuse(owner: object, name: string, said: string, kind: Kind): void {
    const members = owner as Members;
    const real = members[name] as (...args: unknown[]) => unknown;
    if (typeof real !== 'function') return;
    const refused = function (this: unknown, ...args: unknown[]): unknown {
      check(said, kind, refused);
      return new.target ? Reflect.construct(real, args, new.target) : Reflect.apply(real, this, args);
    };
    // What hangs on the real one: `hrtime.bigint`, the prototype of a class.
    for (const key of Reflect.ownKeys(real)) {
      if (key === 'length' || key === 'name') continue;
      const own = Object.getOwnPropertyDescriptor(real, key);
      if (own) Object.defineProperty(refused, key, own);
    }
    Object.defineProperty(members, name, { value: refused, writable: true, configurable: true, enumerable: true });
  }

  function check(said: string, kind: Kind, caller: (...args: never[]) => unknown): void {
    if (!guard.armed || RUNNERS.test(stackOf(caller, 1))) return;
    if (kind === 'clock' && LOADING.test(stackOf(caller, 100))) return;
    throw new Error(`A unit test used ${said}: ${ADVICE[kind]}.`);
  }

  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    refuse(globalThis, name, name, 'timer');
    refuse(timers, name, `${name} of node:timers`, 'timer');
    refuse(timersPromises, name, `${name} of node:timers/promises`, 'timer');
  }
  for (const name of ['wait', 'yield']) refuse(timersPromises.scheduler, name, `scheduler.${name}`, 'timer');
  refuse(AbortSignal, 'timeout', 'AbortSignal.timeout', 'timer');

  refuse(process.hrtime, 'bigint', 'process.hrtime.bigint', 'clock');
  refuse(process, 'hrtime', 'process.hrtime', 'clock');
  refuse(performance, 'now', 'performance.now', 'clock');
  refuse(Date, 'now', 'Date.now', 'clock');
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct(target, args, newTarget): Date {
      if (args.length === 0) check('new Date()', 'clock', globalThis.Date);
      return Reflect.construct(target, args, newTarget) as Date;
    },
  });

  for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
    refuse(childProcess, name, `${name} of node:child_process`, 'process');
  }
  refuse(threads, 'Worker', 'a Worker of node:worker_threads', 'process');
  refuse(net.Server.prototype, 'listen', 'a listening socket', 'socket');
  refuse(net.Socket.prototype, 'connect', 'a socket', 'socket');

  syncBuiltinESMExports();
  return guard;
}

/** Where a guarded function was called. */
function stackOf(called: (...args: never[]) => unknown, depth: number): string {
  const holder: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(holder, called);
  Error.stackTraceLimit = stackTraceLimit;
  return holder.stack ?? '';
}

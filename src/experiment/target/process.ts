/**
 * Runs the command of a target, so that it ends with this tool however that ends: this process dies with its parent, and
 * takes the command's whole process group along.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveParent, tellParent } from '../../processes/channel.js';

/** How a command ended by itself. */
export interface CommandEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines it wrote, on standard output or error. */
  said: string;
}

/** Functions of the process. It tells `ended` (CommandEnd) when the command ends by itself. */
export type CommandRemote = {
  /** The process group of the command: whoever asked ends it when this process is killed. */
  start(options: { command: string; cwd: string }): number | undefined;
  /** The last lines it wrote. */
  said(): string;
  /** Ends the command: it is asked to (SIGTERM), and made to (SIGKILL) when it takes longer than 2 s. */
  stop(): Promise<void>;
};

const GRACE = 2000;
/** Longest wait for a killed process group to be empty, ms: its port is free then. Under an init that reaps no orphans it stays as zombies. */
const GROUP_EXIT = 500;
const POLL = 5;
const LAST_WORDS = 2000;

let running: ChildProcess | undefined;
let stopping = false;
let said = '';

const remote: CommandRemote = {
  start({ command, cwd }) {
    running = spawn(command, { cwd, shell: true, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const hear = (piece: Buffer): void => void (said = (said + piece.toString()).slice(-LAST_WORDS));
    running.stdout?.on('data', hear);
    running.stderr?.on('data', hear);
    running.once('close', (code, signal) => {
      if (!stopping) tellParent('ended', { code, signal, said } satisfies CommandEnd);
    });
    return running.pid;
  },
  said: () => said,
  async stop() {
    stopping = true;
    if (running?.exitCode === null && running.signalCode === null) {
      signalGroup('SIGTERM');
      await Promise.race([once(running, 'exit'), sleep(GRACE)]);
    }
    signalGroup('SIGKILL');
    await groupExit();
  },
};

process.on('exit', () => signalGroup('SIGKILL'));
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
serveParent(remote);

/** @returns whether somebody is in it; signal 0 only asks */
function signalGroup(name: NodeJS.Signals | 0): boolean {
  if (!running?.pid) return false;
  try {
    return process.kill(-running.pid, name);
  } catch {
    // Nobody is left in it.
    return false;
  }
}

/** Waits until nobody is left in the group. */
async function groupExit(): Promise<void> {
  for (let waited = 0; waited < GROUP_EXIT && signalGroup(0); waited += POLL) await sleep(POLL);
}

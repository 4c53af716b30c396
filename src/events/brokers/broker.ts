/** A private broker: started from the program on the PATH, ended with this process at the latest. */
import { startChild, type Child } from '../../processes/child.js';
import type { BrokerKind } from '../buses.js';
import type { BrokerRemote } from './process.js';

/** A running broker. */
export interface Broker {
  kind: BrokerKind;
  url: string;
  /** Kills it (SIGKILL) and resolves when it is dead; its data stay. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, at the same address with the same data; resolves when it serves. */
  restart(): Promise<void>;
  /** Stops it in its tracks (SIGSTOP), and lets it go on (SIGCONT). */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Longer than the process that minds it waits itself, which knows why. */
const STARTS_WITHIN = 90_000;
/** Long enough to remove the folder of a broker that wrote a lot. */
const STOP_WITHIN_MS = 5000;

/** Starts a process that is given `graceMs` to end. */
type StartProcess = (entry: string, graceMs: number) => Promise<Child<BrokerRemote>>;

/**
 * Starts a private broker on a free port of 127.0.0.1 with a temporary folder.
 * @param start starts the process that minds it: whoever keeps that one can end both, also while the broker starts
 * @param settings lines at the end of its configuration
 * @throws UserError when its program is not installed
 */
export async function startBroker(kind: BrokerKind, start: StartProcess = (entry) => startChild(entry), settings = ''): Promise<Broker> {
  const child = await start('broker-process.js', STOP_WITHIN_MS);
  const stop = (): Promise<void> => child.stop(STOP_WITHIN_MS);
  try {
    const { url } = await child.calls.start({ kind, settings }, STARTS_WITHIN);
    return {
      kind,
      url,
      kill: () => child.calls.signal('SIGKILL'),
      restart: () => child.calls.restart(undefined, STARTS_WITHIN),
      pause: () => child.calls.signal('SIGSTOP'),
      resume: () => child.calls.signal('SIGCONT'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks whether a server answers, in its own protocol. */
import { connect, isIP } from 'node:net';

const ANSWER_WITHIN_MS = 500;

/** Whether the server at `port` of 127.0.0.1 answers `say` with something that starts with one of `hear`. */
export function answers(port: number, { say, hear }: { say: string; hear: readonly string[] }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => end(false));
    socket.once('connect', () => say && socket.write(say, 'latin1'));
    socket.once('data', (chunk) => end(hear.some((start) => chunk.toString('latin1').startsWith(start))));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/**
 * Rejects when something takes the connection and says nothing within a time, ms; a refused one is for others to tell of. How long
 * the name takes does not count: a resolver asks again after 5 s where its first question is lost.
 * @param say what it is asked, where it does not speak first
 */
export function greets(host: string, port: number, within: number, say = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    const end = (): void => {
      socket.destroy();
      resolve();
    };
    const limit = (): void => {
      socket.setTimeout(within, () => {
        reject(new Error(`it says nothing within ${within / 1000} s`));
        socket.destroy();
      });
    };
    if (isIP(host)) limit();
    else socket.once('lookup', limit);
    socket.once('connect', () => say && socket.write(say, 'latin1'));
    socket.once('data', end).once('error', end).once('close', end);
  });
}

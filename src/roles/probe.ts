/** Liveness and readiness of a role that serves no requests itself. */
import { createServer } from 'node:http';
import { listenError } from '../base/listening.js';

/** What watches over a role asks this. */
export interface Probe {
  /** From now on it is ready. */
  ready(): void;
  close(): Promise<void>;
}

/** Answers `/live` and `/ready`. @throws UserError when the port or the address cannot be had */
export async function openProbe(place: { host: string; port: number }): Promise<Probe> {
  let isReady = false;
  const server = createServer(({ url }, response) => {
    const status = url === '/live' || (url === '/ready' && isReady) ? 200 : url === '/ready' ? 503 : 404;
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, place)));
    server.listen(place, resolve);
  });
  return {
    ready: () => void (isReady = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

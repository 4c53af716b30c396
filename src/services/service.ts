/** A simulated service behind a port, or a Unix domain socket. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Service } from '../scenarios/scenario.js';
import { serveConnection } from './connection.js';
import type { ServiceReport } from './services.js';
import { SimulatedService } from './simulated.js';
import type { Span } from './station.js';

/** Connections that may wait to be accepted: a whole crowd of users may come at once. */
const BACKLOG = 4096;

/** Opens a service on a free port of 127.0.0.1, or on a Unix domain socket. @param path of that socket */
export async function openService(service: Service, seed: number, path?: string): Promise<OpenService> {
  const open = new OpenService(service, seed);
  await open.listen(path);
  return open;
}

/** A service that takes calls, until it is closed. Connections stay open however long they are idle. */
export class OpenService {
  private readonly service: SimulatedService;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private peakConnections = 0;

  constructor(service: Service, seed: number) {
    this.service = new SimulatedService(service, seed);
    this.server = createServer((socket) => this.connected(socket));
  }

  /** Base URL; `unix:<path>` on a Unix domain socket. */
  get url(): string {
    const address = this.server.address();
    return address !== null && typeof address === 'object' ? `http://127.0.0.1:${address.port}` : `unix:${address}`;
  }

  listen(path?: string): Promise<void> {
    const place = path === undefined ? { port: 0, host: '127.0.0.1' } : { path };
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...place, backlog: BACKLOG }, resolve);
    });
  }

  /** Tells the measured window: outages count from its start, utilisation is taken within it. */
  observe(window: Span): void {
    this.service.observe(window);
  }

  report(): ServiceReport {
    return this.service.report(this.peakConnections);
  }

  /** Closes every connection; calls in progress get no answer. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private connected(socket: Socket): void {
    this.sockets.add(socket);
    this.peakConnections = Math.max(this.peakConnections, this.sockets.size);
    socket.once('close', () => this.sockets.delete(socket));
    serveConnection(socket, this.service);
  }
}

/** A simulated service behind a port, or a Unix domain socket. */
import { createServer, type Server, type Socket } from 'node:net';
import { urlHost } from '../base/urls.js';
import type { Service } from '../scenarios/scenario.js';
import { serveConnection } from './connection.js';
import type { ServiceReport } from './services.js';
import { SimulatedService } from './simulated.js';
import type { Span } from './station.js';

/** Connections that may wait to be accepted: a whole crowd of users may come at once. */
const BACKLOG = 4096;

/** Where a service listens: on a free port of an address, 127.0.0.1 when left out, or at a Unix domain socket. */
export type ServicePlace = { host?: string | undefined } | { path: string };

/** Opens a service. */
export async function openService(service: Service, seed: number, place: ServicePlace = {}): Promise<OpenService> {
  const open = new OpenService(service, seed);
  await open.listen(place);
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
    return address !== null && typeof address === 'object' ? `http://${urlHost(address.address)}:${address.port}` : `unix:${address}`;
  }

  listen(place: ServicePlace): Promise<void> {
    const at = 'path' in place ? place : { port: 0, host: place.host ?? '127.0.0.1' };
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ ...at, backlog: BACKLOG }, resolve);
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

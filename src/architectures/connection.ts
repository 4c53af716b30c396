/** One keep-alive connection to a service, on a client of undici. The only file that touches undici. */
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';

/** What is sent over a connection. */
export interface Exchange {
  path: string;
  /** Told the HTTP status, or 0 when the connection could not be made or broke before a whole answer. */
  answered(status: number): void;
}

/** An idle connection is kept, ms: longer than any trial pauses. */
const KEEP_ALIVE = 600_000;

const connector = buildConnector({});

/** Carries one exchange at a time; connects when it is first needed, and anew after it broke. */
export class Connection implements Dispatcher.DispatchHandler {
  private readonly client: Client;
  private readonly onIdle: (connection: Connection) => void;
  private readonly grace: number;
  private readonly request: Dispatcher.DispatchOptions = { path: '/', method: 'POST', blocking: false };
  private socket: Socket | null = null;
  private exchange: Exchange | null = null;
  private busy = false;
  private status = 0;

  /**
   * @param onIdle told whenever the connection can carry the next exchange
   * @param grace longest wait for the service to close a connection that was given up, ms
   */
  constructor(origin: string, onIdle: (connection: Connection) => void, grace = 1000) {
    this.onIdle = onIdle;
    this.grace = grace;
    this.client = new Client(origin, {
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE,
      // The caller's own timeout covers the whole call.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        connector(options, (...connected) => {
          const socket = connected[1];
          if (socket && !this.exchange) return this.closeUnused(socket, () => callback(new Error('given up'), null));
          this.socket = socket;
          callback(...connected);
        });
      },
    });
    this.client.on('disconnect', () => this.free());
    this.client.on('connectionError', () => this.free());
  }

  send(exchange: Exchange): void {
    this.busy = true;
    this.exchange = exchange;
    this.request.path = exchange.path;
    this.client.dispatch(this.request, this);
  }

  /**
   * Gives up the exchange: nothing of it is heard any more, and the connection is closed, so that its answer can never
   * be taken for another's. It becomes idle when the service has closed its end as well: until then the service
   * still counts it, and a new one would be one too many.
   */
  abandon(): void {
    this.exchange = null;
    if (this.socket) this.hangUp(this.socket);
  }

  async close(): Promise<void> {
    await this.client.destroy();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up before it was sent.
    if (!this.exchange) controller.abort(new Error('given up'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseEnd(): void {
    const { exchange } = this;
    // Late: the connection is being closed.
    if (!exchange) return;
    this.exchange = null;
    this.free();
    exchange.answered(this.status);
  }

  onResponseError(): void {
    const { exchange } = this;
    this.exchange = null;
    exchange?.answered(0);
  }

  /** Given up while it was still connecting: closed before anything is sent, as any other that is given up. */
  private closeUnused(socket: Socket, onClosed: () => void): void {
    socket.once('close', onClosed).resume();
    this.hangUp(socket);
  }

  /** Closes our end, and the whole connection when the service takes too long to close its own. */
  private hangUp(socket: Socket): void {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), this.grace).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  private free(): void {
    if (!this.busy) return;
    this.busy = false;
    this.onIdle(this);
  }
}

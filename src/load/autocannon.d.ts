/** The internals of autocannon 9.0.0 that `client.ts` stands on; `@types/autocannon` describes only its surface. */
declare module 'autocannon/lib/httpClient.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  /** What the parser tells about an answer when its headers are complete. */
  interface ResponseInfo {
    statusCode: number;
    shouldKeepAlive: boolean;
  }

  /** An `HTTPParser` of http-parser-js. Its callbacks are properties named by number. */
  interface Parser {
    type: string;
    /** `RESPONSE_LINE` between two answers. */
    state: string;
    /** Start of a line whose end has not arrived. */
    line: string;
    /** Parses; an Error is returned, not thrown. */
    execute(chunk: Buffer): number | Error;
    /** Tells that the connection has ended: completes an answer that lasts until then. */
    finish(): Error | undefined;
    reinitialize(type: string): void;
    constructor: { kOnHeadersComplete: 2; kOnBody: 3; kOnMessageComplete: 4 };
    2: (info: ResponseInfo) => unknown;
    3: (chunk: Buffer, start: number, length: number) => unknown;
    4: () => unknown;
  }

  interface ClientOptions {
    protocol: string;
    hostname: string;
    port: number;
    setupClient(client: Client): void;
  }

  /** One connection. Emits `connError`, `timeout`, `headers` (ResponseInfo) and `response` (status). */
  class Client extends EventEmitter {
    constructor(options: ClientOptions);
    /** ms; read when a request is sent. */
    timeout: number;
    secure: boolean;
    parser: Parser;
    /** Undefined until `_connect` was called. */
    conn: Socket | undefined;
    timeoutTicker: { reschedule(ms: number): void; clear(): void };
    /** Opens a socket, listens to it, and calls `_doRequest`. */
    _connect(): void;
    /** Puts a request into the queue of pending ones, writes it and starts the timeout. */
    _doRequest(): void;
    /** Destroys the socket and clears the queue. */
    _destroyConnection(): void;
    getRequestBuffer(): Buffer | string;
    /** For good: destroys the connection and clears the timer. */
    destroy(): void;
  }

  export default Client;
}

/** A page that follows what goes on: served on loopback only, pushed to whoever looks, gone with its command. */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LiveMessage, STREAM } from '../report/html/live.js';

/** How long the last page may take to reach those who look, ms. */
const FAREWELL = 1000;

export class LivePage {
  private readonly server: Server;
  private readonly streams = new Set<ServerResponse>();
  private readonly behind = new Set<ServerResponse>();
  private page: string;
  private now: LiveMessage = {};

  private constructor(page: string) {
    this.page = page;
    this.server = createServer((request, response) => this.answer(request, response));
    // A page that nobody closes keeps no command alive.
    this.server.unref();
  }

  /** Serves a page on any free port of 127.0.0.1. @throws Error when it cannot listen */
  static async open(page: string): Promise<LivePage> {
    const live = new LivePage(page);
    await new Promise<void>((resolve, reject) => {
      live.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return live;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Shows another page from now on. */
  show(page: string): void {
    this.page = page;
    this.tell({ page });
  }

  /** Says where the run is, and how much of it is over, from 0 to 1. */
  say(now: string, share: number): void {
    this.now = { now, share };
    this.tell(this.now);
  }

  /** Says goodbye to all who look, who keep what they have; resolves when nothing listens any more. */
  async close(): Promise<void> {
    this.tell({ over: true });
    const told = [...this.streams].map((stream) => new Promise<void>((resolve) => stream.end(resolve)));
    const timer = setTimeout(() => this.server.closeAllConnections(), FAREWELL);
    await Promise.allSettled(told);
    clearTimeout(timer);
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private tell(message: LiveMessage): void {
    for (const stream of this.streams) {
      // Whoever reads slowly is not sent every page: when there is room again, the one of then.
      if (stream.writableNeedDrain && !message.over) this.behind.add(stream);
      else stream.write(eventOf(message));
    }
  }

  private answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    // A name that somebody else's DNS points here is not ours: no other site may read the page.
    if (headers.host !== new URL(this.url).host) return void response.writeHead(403).end();
    if (method !== 'GET' || (url !== '/' && url !== `/${STREAM}`)) return void response.writeHead(404).end();
    if (url === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(this.page);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // The page may have changed between its being loaded and its asking.
    response.write(eventOf({ page: this.page, ...this.now }));
    this.streams.add(response);
    response.on('drain', () => {
      if (this.behind.delete(response)) response.write(eventOf({ page: this.page, ...this.now }));
    });
    response.on('close', () => {
      this.streams.delete(response);
      this.behind.delete(response);
    });
  }
}

function eventOf(message: LiveMessage): string {
  return `data: ${JSON.stringify(message)}\n\n`;
}

/** The command that opens a page in the user's browser; null where no browser can be seen. */
export function browserCommand(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): [string, ...string[]] | null {
  if (env.CI) return null;
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', url];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', url] : null;
}

/** Whatever becomes of it is the browser's affair: the address has been printed. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const command = browserCommand(url, env, process.platform);
  if (!command) return;
  const [program, ...args] = command;
  spawn(program, args, { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}

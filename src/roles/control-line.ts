/** The end of the control line that the roles join. */
import { createWriteStream, renameSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { now } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import { listenError } from '../base/listening.js';
import { fromPlainJson, toPlainJson } from '../base/plain-json.js';
import { urlHost } from '../base/urls.js';
import { isRoleFile, type Role } from './run-folder.js';
import { Member } from './member.js';
import { isAuthorized, rolePath, type Answer, type Asking, type ClockAnswer, type Joining } from './protocol.js';

/** Where it listens, and who may speak. */
export interface LineOptions {
  host: string;
  port: number;
  /** Without it, whoever reaches it may. */
  token: string | undefined;
  /** The roles that there are. */
  roles: readonly Role[];
  /** Where their files go. */
  folder: string;
}

/** Longest message but a file, bytes: what a role is asked and answers is small. */
const LONGEST = 64 * 1024 * 1024;

/** What is answered: a status and a value. */
type Reply = [status: number, value: unknown];

export class ControlLine {
  /** Whether all roles serve. */
  isReady = false;
  readonly members: ReadonlyMap<Role, Member>;
  /** Resolves when somebody asks for the end over the line. */
  readonly stopped: Promise<void>;
  private readonly options: LineOptions;
  private readonly server: Server;
  private stop!: () => void;
  /** Resolves when all is over. */
  private readonly over: Promise<void>;
  private end!: () => void;

  private constructor(options: LineOptions) {
    this.options = options;
    this.members = new Map(options.roles.map((role) => [role, new Member(role)]));
    this.stopped = new Promise((resolve) => (this.stop = resolve));
    this.over = new Promise((resolve) => (this.end = resolve));
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** @throws UserError when the port or the address cannot be had */
  static async open(options: LineOptions): Promise<ControlLine> {
    const line = new ControlLine(options);
    await new Promise<void>((resolve, reject) => {
      line.server.once('error', (error) => reject(listenError(error, options)));
      line.server.listen({ port: options.port, host: options.host }, resolve);
    });
    return line;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${urlHost(address)}:${port}`;
  }

  /** Answers who asked for the end, and takes nothing more. */
  async close(): Promise<void> {
    this.end();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeIdleConnections();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))]);
    this.server.closeAllConnections();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = now();
    const [status, value] = await this.reply(request).catch((error: unknown): Reply => [500, { error: messageOf(error) }]);
    const repliedAt = now();
    const body = toPlainJson(value === CLOCK ? ({ receivedAt, repliedAt } satisfies ClockAnswer) : value);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    if (pathname === '/live') return [200, { status: 'live' }];
    if (pathname === '/ready') return this.isReady ? [200, { status: 'ready' }] : [503, { status: 'waiting' }];
    if (!isAuthorized(request.headers.authorization, this.options.token)) {
      request.resume();
      return [401, { error: 'the token is not that of this control line' }];
    }
    if (pathname === '/clock') return [200, CLOCK];
    if (pathname === '/stop' && request.method === 'POST') {
      this.stop();
      await this.over;
      return [200, { status: 'stopped' }];
    }
    const asked = rolePath(pathname);
    if (!asked) return [404, { error: 'there is no such path' }];
    const member = this.members.get(asked.role);
    if (!member) return [409, { error: `there is no role ${asked.role} in this run: its work is done in the server` }];
    if (asked.what === 'files') return this.take(member, asked.file, request);
    return this.hear(member, asked.what, fromPlainJson(await textOf(request)));
  }

  private async hear(member: Member, what: string, message: unknown): Promise<Reply> {
    const { life } = message as Joining;
    if (what === 'join') {
      if (member.life !== undefined && member.life !== life) return [409, { error: `the role ${member.role} has joined already: a run has each role once` }];
      member.join(life);
      return [200, {}];
    }
    if (member.life !== life) return [409, { error: `another ${member.role} has joined` }];
    if (what === 'next') return [200, { calls: await member.next((message as Asking).known) }];
    if (what === 'answer') member.answer(message as Answer);
    else if (what === 'failed') member.failure = (message as { sentence: string }).sentence;
    else if (what === 'done') member.isDone = true;
    else return [404, { error: 'there is no such path' }];
    return [200, {}];
  }

  /** A file that a role hands over: in its place once it is whole. */
  private async take({ role }: Member, name: string, request: IncomingMessage): Promise<Reply> {
    if (!isRoleFile(role, name)) return [400, { error: `${name} is no file of the role ${role}` }];
    const file = path.join(this.options.folder, name);
    await pipeline(request, createWriteStream(`${file}.tmp`));
    renameSync(`${file}.tmp`, file);
    return [200, {}];
  }
}

/** Stands for the two moments, which are known when the answer is written. */
const CLOCK = Symbol('clock');

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST) throw new Error('the message is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

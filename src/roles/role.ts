/** One role on a host of its own: the same process as in a trial on one machine, with the control line in place of its parent. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumersOptions, ServerOptions } from '../architectures/architecture.js';
import { now } from '../base/clock.js';
import { messageOf, UserError } from '../base/errors.js';
import { urlHost } from '../base/urls.js';
import type { CallMessage, Remote } from '../processes/channel.js';
import { endedSentence, type Child } from '../processes/child.js';
import type { ServicesOptions } from '../services/services.js';
import type { UsageStretch } from '../processes/usage.js';
import { RoleBook } from './books.js';
import { END } from './hosts.js';
import { clockFile, isRoleFile, type Role } from './run-folder.js';
import type { Answer, Calling } from './protocol.js';
import { LineBroken, type RoleLine } from './role-line.js';

/** What a role is told on its own host. */
export interface RoleOptions {
  role: Role;
  /** Where it writes what it sees. */
  folder: string;
  /** Address and port that it listens on. */
  host: string;
  port: number;
}

/** How long nobody may answer before it is given up to join, and to hand over, ms. */
const JOIN_WITHIN = 10_000;
const HAND_OVER_WITHIN = 30_000;
/** Pause before a broken line is tried again, ms. */
const AGAIN_AFTER = 500;
/** Clocks are compared so often, ms, so many times in a row: the least delayed tells most. */
const CLOCK_EVERY = 1000;
const IN_A_ROW = 5;
/** Calls that are answered at the end at the latest, ms. */
const LAST_CALLS = 60_000;

/** Addresses that stand for all of a machine's. */
const ANY = /^(0\.0\.0\.0|::)$/;

export class RoleRunner {
  /** Resolves when it has been ended over the line, and has handed over what it saw. */
  readonly ended: Promise<void>;
  private readonly life = randomUUID();
  private readonly line: RoleLine;
  private readonly child: Child<Remote>;
  private readonly options: RoleOptions;
  private readonly book: RoleBook;
  private isOver = false;
  private isClosed = false;
  private handing: Promise<void> | undefined;
  private end!: () => void;

  constructor(line: RoleLine, child: Child<Remote>, options: RoleOptions) {
    this.line = line;
    this.child = child;
    this.options = options;
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.book = new RoleBook(options.folder, options.role, {
      used: () => this.ask('used') as Promise<UsageStretch | null>,
      interim: async () => (options.role === 'server' ? { steps: await this.ask('steps') } : this.ask('report')),
    });
  }

  /** Joins, and serves from then on. @throws UserError when it may not, or nobody answers for too long */
  async join(): Promise<void> {
    try {
      await this.persistently(() => this.line.tell(this.path('join'), { life: this.life }), JOIN_WITHIN);
    } catch (error) {
      if (!(error instanceof LineBroken)) throw error;
      throw new UserError(`Nobody answers at ${this.line.url}: ${error.message}. Start \`serve control\` there, and see that this host reaches it.`);
    }
    await this.compareClocks().catch(() => {});
    void this.keepComparing();
    void this.obey();
    void this.tellDeath();
  }

  private async tellDeath(): Promise<void> {
    const exit = await this.child.exited;
    if (!this.isOver) await this.line.tell(this.path('failed'), { life: this.life, sentence: `${endedSentence(this.child.name, exit)}.` }).catch(() => {});
  }

  /**
   * Ends the process in order, and hands over what it saw.
   * @throws UserError when the line is lost: the files stay
   */
  handOver(): Promise<void> {
    this.handing ??= this.finish();
    return this.handing;
  }

  stop(): void {
    this.isOver = true;
    this.book.stop();
    this.line.close();
  }

  private async finish(): Promise<void> {
    const { folder, role } = this.options;
    await this.closeChild();
    await this.compareClocks().catch(() => {});
    const report = await this.ask('report').catch(() => null);
    if (report === null) this.book.stop();
    // Histories are in files of their own.
    else await this.book.finish(role === 'server' ? { ...(report as object), history: [], held: {} } : report);
    this.isOver = true;
    try {
      const files = readdirSync(folder).filter((name) => isRoleFile(role, name));
      for (const name of files) await this.persistently(() => this.line.handOver(this.path(`files/${name}`), path.join(folder, name)), HAND_OVER_WITHIN);
      await this.persistently(() => this.line.tell(this.path('done'), { life: this.life }), HAND_OVER_WITHIN);
    } catch (error) {
      throw new UserError(`The control line at ${this.line.url} is lost: ${messageOf(error)}. What this role saw is in ${folder}: copy it into the folder of the run before you collect that.`);
    }
  }

  /** Takes nothing more: once. */
  private async closeChild(): Promise<void> {
    if (this.isClosed || this.options.role === 'services') return;
    this.isClosed = true;
    await this.ask('close').catch(() => {});
  }

  private ask(name: string, argument?: unknown): Promise<unknown> {
    const ask = this.child.calls[name] as ((argument: unknown, withinMs?: number) => Promise<unknown>) | undefined;
    return ask ? ask(argument) : Promise.reject(new Error(`There is no function ${name}`));
  }

  /** Asks for calls and carries them out, until it has ended; a line that is broken is tried again. */
  private async obey(): Promise<void> {
    let known = 0;
    while (!this.isOver) {
      try {
        const { calls } = (await this.line.tell(this.path('next'), { life: this.life, known })) as Calling;
        for (const call of calls) void this.carryOut(call);
        known = Math.max(known, ...calls.map(({ call }) => call));
      } catch {
        await sleep(AGAIN_AFTER);
      }
    }
  }

  private async carryOut({ call, name, argument }: CallMessage): Promise<void> {
    const head = { life: this.life, call };
    let answer: Answer;
    try {
      answer = { ...head, result: await this.perform(name, argument) };
    } catch (error) {
      answer = { ...head, failed: messageOf(error), user: error instanceof UserError };
    }
    await this.persistently(() => this.line.tell(this.path('answer'), answer), LAST_CALLS).catch(() => {});
    if (name === END) this.end();
  }

  private async perform(name: string, argument: unknown): Promise<unknown> {
    if (name === END) return this.handOver();
    if (name === 'close') return this.closeChild();
    if (name !== 'start') return this.ask(name, argument);
    return this.announced(await this.ask('start', this.onThisHost(argument)));
  }

  /** What the process is started with, with the address and the folder of this host. */
  private onThisHost(argument: unknown): unknown {
    const { role, folder, host, port } = this.options;
    if (role === 'services') return { ...(argument as ServicesOptions), host };
    const options = argument as ServerOptions | ConsumersOptions;
    const place = options.place && { place: { ...options.place, folder } };
    return { ...options, ...place, keeps: true, ...(role === 'server' && { folder, host, port }) };
  }

  /** Addresses as others reach them: that of the line where the process listens on all. */
  private announced(result: unknown): unknown {
    const { localAddress } = this.line;
    if (!ANY.test(this.options.host) || localAddress === undefined || typeof result !== 'object' || result === null) return result;
    const host = urlHost(localAddress.replace(/^::ffff:/, ''));
    return Object.fromEntries(Object.entries(result).map(([name, url]) => [name, String(url).replace(/\/\/(0\.0\.0\.0|\[::\]):/, `//${host}:`)]));
  }

  private async keepComparing(): Promise<void> {
    while (!this.isOver) {
      await sleep(CLOCK_EVERY);
      if (!this.isOver) await this.compareClocks().catch(() => {});
    }
  }

  private async compareClocks(): Promise<void> {
    for (let i = 0; i < IN_A_ROW; i++) {
      const { sentAt, receivedAt, repliedAt, answeredAt } = await this.line.exchange();
      appendFileSync(path.join(this.options.folder, clockFile(this.options.role)), `[${sentAt},${receivedAt},${repliedAt},${answeredAt}]\n`);
    }
  }

  /** Tries again while the line is broken. @throws LineBroken when it is for too long */
  private async persistently<T>(attempt: () => Promise<T>, within: number): Promise<T> {
    for (const until = now() + within; ; ) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof LineBroken) || now() > until) throw error;
        await sleep(AGAIN_AFTER);
      }
    }
  }

  private path(what: string): string {
    return `/roles/${this.options.role}/${what}`;
  }
}

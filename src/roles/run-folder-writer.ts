/** `serve --keep` on one machine: the books of all its processes, from the beginning to the end. */
import { now } from '../base/clock.js';
import { endServing } from '../experiment/system.js';
import type { Serving } from '../experiment/processes.js';
import { RoleBook } from './books.js';
import { keepServing, type KeptServing, type Role } from './run-folder.js';

/** What is known before anything is served. */
export type About = Pick<KeptServing, 'tool' | 'startedAt' | 'scenario' | 'subject' | 'seed' | 'bus' | 'hop'>;

/** Keeps the books of what serves. */
export class Keeper {
  private readonly folder: string;
  private readonly kept: KeptServing;
  private readonly serving: Serving;
  private readonly books: Partial<Record<Role, RoleBook>>;

  constructor(folder: string, about: About, serving: Serving) {
    const { services, server, events } = serving;
    this.folder = folder;
    this.serving = serving;
    this.books = {
      ...(services && { services: new RoleBook(folder, 'services', { used: () => services.calls.used(undefined), interim: () => services.calls.report(undefined) }) }),
      server: new RoleBook(folder, 'server', { used: () => server.calls.used(undefined), interim: async () => ({ steps: await server.calls.steps(undefined) }) }),
      ...(events && { consumers: new RoleBook(folder, 'consumers', { used: () => events.consumers.used(), interim: () => events.consumers.report() }) }),
    };
    this.kept = { ...about, roles: Object.keys(this.books) as Role[], apart: false, endedAt: null, held: {}, lost: [] };
    keepServing(folder, this.kept);
  }

  /** Lets what is under way come to its end, for `within` ms at most, and keeps what all saw. */
  async finish(within: number): Promise<void> {
    const { held, ...saw } = await endServing(this.serving, within);
    const endedAt = now();
    // Its history is in files of its own.
    const reports: Record<Role, unknown> = { ...saw, server: { ...saw.server, history: [] } };
    for (const [role, book] of Object.entries(this.books)) await book.finish(reports[role as Role]);
    keepServing(this.folder, { ...this.kept, endedAt, held });
  }

  /** Writes no more. */
  stop(): void {
    for (const book of Object.values(this.books)) book.stop();
  }
}

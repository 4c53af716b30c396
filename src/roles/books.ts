/** Keeps what a role sees in a folder while it serves: how busy it is each second, and now and then what it has counted. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { toPlainJson } from '../base/plain-json.js';
import type { UsageStretch } from '../processes/usage.js';
import { keepRole, usageFile, type Role } from './run-folder.js';

/** What is asked of a role. */
export interface Watched {
  used(): Promise<UsageStretch | null>;
  /** What it has counted so far. */
  interim(): Promise<unknown>;
}

/** How often it is asked how busy it is, ms. */
const BEAT = 1000;
/** How often at the most it is asked for its counts, ms, and how many times as long as the asking takes: that must not be felt. */
const INTERIM = 10_000;
const SPARING = 200;

export class RoleBook {
  private readonly folder: string;
  private readonly role: Role;
  private readonly watched: Watched;
  private readonly timer: NodeJS.Timeout;
  private interimAt = performance.now() + INTERIM;
  private isAsking = false;
  private isOver = false;

  constructor(folder: string, role: Role, watched: Watched) {
    this.folder = folder;
    this.role = role;
    this.watched = watched;
    this.timer = setInterval(() => void this.beat(), BEAT);
    void this.beat();
  }

  /** What it saw in the end. */
  async finish(report: unknown): Promise<void> {
    clearInterval(this.timer);
    await this.note().catch(() => {});
    this.isOver = true;
    keepRole(this.folder, this.role, { final: true, report });
  }

  stop(): void {
    clearInterval(this.timer);
    this.isOver = true;
  }

  /** The death of the process is told by whoever started it. */
  private async beat(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    await this.note().catch(() => {});
    await this.interim().catch(() => {});
    this.isAsking = false;
  }

  private async note(): Promise<void> {
    const stretch = await this.watched.used();
    if (stretch && !this.isOver) appendFileSync(path.join(this.folder, usageFile(this.role)), `${toPlainJson(stretch)}\n`);
  }

  private async interim(): Promise<void> {
    const startedAt = performance.now();
    if (startedAt < this.interimAt) return;
    const report = await this.watched.interim();
    if (this.isOver) return;
    keepRole(this.folder, this.role, { final: false, report });
    this.interimAt = performance.now() + Math.max(INTERIM, SPARING * (performance.now() - startedAt));
  }
}

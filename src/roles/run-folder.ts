/**
 * What `serve --keep` leaves in a folder: who served what (`serve.json`), what each role counted (`server.json`), how busy it was
 * (`server.usage`), the histories of events, and when each request came and was replied to.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { countFile, requestsFile } from '../architectures/crash-files.js';
import { UserError } from '../base/errors.js';
import { fromPlainJson, toPlainJson } from '../base/plain-json.js';
import { readHistory } from '../events/durable.js';
import type { HistoryEntry } from '../events/history.js';
import type { Exchange } from '../measurement/host-clocks.js';
import type { BusRecord } from '../measurement/record.js';
import type { UsageStretch } from '../processes/usage.js';
import type { Subject } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';

/** The processes that serve, each of which may be on a host of its own. */
export const ROLES = ['services', 'server', 'consumers'] as const;
/** What is served beside them: the end of the control line that all join. */
export const CONTROL = 'control';

export type Role = (typeof ROLES)[number];

/** Who serves what. */
export interface KeptServing {
  tool: { name: string; version: string };
  startedAt: string;
  /** What is served, and in which scenario. */
  scenario: string;
  subject: Subject;
  seed: number;
  bus?: BusRecord;
  hop?: Hop;
  /** The roles that there are: each has to hand over what it saw. */
  roles: Role[];
  /** Whether each has a clock of its own, which was compared with that of whoever wrote this. */
  apart: boolean;
  /** When all was over, ms on the clock of whoever wrote this; null: it did not come to its end. */
  endedAt: number | null;
  /** What the bus held then, by consumer. */
  held: Record<string, string[]>;
  /** What became of roles that did not come to their end, as sentences. */
  lost: string[];
}

/** What a role counted. */
export interface KeptRole<Report = unknown> {
  /** Whether that was at its end; while it serves, it is written now and then. */
  final: boolean;
  report: Report;
}

const SERVING_FILE = 'serve.json';

/** @throws UserError where another run is kept */
export function refuseKept(folder: string, shown: string): void {
  if (existsSync(path.join(folder, SERVING_FILE))) throw new UserError(`${shown} keeps another run already: name another folder for --keep, or remove what is in it.`);
}

export function keepServing(folder: string, serving: KeptServing): void {
  replaceFile(path.join(folder, SERVING_FILE), toPlainJson(serving));
}

export function keepRole(folder: string, role: Role, kept: KeptRole): void {
  replaceFile(path.join(folder, roleFile(role)), toPlainJson(kept));
}

export function roleFile(role: Role): string {
  return `${role}.json`;
}

export function usageFile(role: Role): string {
  return `${role}.usage`;
}

export function clockFile(role: Role): string {
  return `${role}.clock`;
}

/** Whether a file is one that a role leaves. */
export function isRoleFile(role: Role, name: string): boolean {
  if ([roleFile(role), usageFile(role), clockFile(role)].includes(name) || name.endsWith(`.${role}.history`)) return true;
  return role === 'server' && [countFile(''), requestsFile('')].includes(name);
}

/** A whole file, the old one or the new one, whenever somebody looks. */
export function replaceFile(file: string, content: string | Buffer): void {
  const beside = `${file}.tmp`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

/** Who served what; null where nothing was kept. @throws UserError for a damaged file */
export function readServing(folder: string): KeptServing | null {
  return readPlain(path.join(folder, SERVING_FILE)) as KeptServing | null;
}

/** What a role counted; null where it left nothing. */
export function readRole<Report>(folder: string, role: Role): KeptRole<Report> | null {
  return readPlain(path.join(folder, roleFile(role))) as KeptRole<Report> | null;
}

function readPlain(file: string): unknown {
  if (!existsSync(file)) return null;
  try {
    return fromPlainJson(readFileSync(file, 'utf8'));
  } catch {
    throw new UserError(`${file} is damaged: it is not what \`serve --keep\` wrote. Copy it again from where it served.`);
  }
}

/** How busy a role was, stretch by stretch. */
export function readUsage(folder: string, role: Role): UsageStretch[] {
  return readLines(path.join(folder, usageFile(role))) as UsageStretch[];
}

/** The exchanges by which a role's clock is known. */
export function readExchanges(folder: string, role: Role): Exchange[] {
  return (readLines(path.join(folder, clockFile(role))) as [number, number, number, number][]).map(([sentAt, receivedAt, repliedAt, answeredAt]) => ({ sentAt, receivedAt, repliedAt, answeredAt }));
}

/** When the server had requests, by their index. */
export function readRequests(folder: string): Map<number, { arrivedAt: number; repliedAt: number }> {
  const lines = readLines(requestsFile(folder)) as [number, number, number][];
  return new Map(lines.map(([request, arrivedAt, repliedAt]) => [request, { arrivedAt, repliedAt }]));
}

/** Measured requests that the server has counted, whatever became of it; null where it counted none. */
export function readReceived(folder: string): number | null {
  const file = countFile(folder);
  return existsSync(file) ? readFileSync(file).length : null;
}

/** The histories of events that a role wrote. */
export function readHistories(folder: string, role: Role): HistoryEntry[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(`.${role}.history`)).toSorted();
  return names.flatMap((name) => readHistory(path.join(folder, name)));
}

/** Whole lines only: a writer that was killed leaves the last one torn. */
function readLines(file: string): unknown[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, i) => {
    try {
      return fromPlainJson(line);
    } catch {
      throw new UserError(`${file}:${i + 1}: expected a line of \`serve --keep\`, got ${line.slice(0, 80)}.`);
    }
  });
}

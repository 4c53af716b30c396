/** The rows of an engine and what `serve --keep` left, put together to one trial: every moment on one clock. */
import type { ConsumersReport, ServerReport } from '../architectures/architecture.js';
import type { EngineRow, EngineRun } from '../engines/rows.js';
import { observationsOf } from '../engines/rows.js';
import type { HistoryEntry } from '../events/history.js';
import { mergedReports } from '../experiment/system.js';
import { hostClock, withClocks } from '../measurement/clock-bounds.js';
import type { HostClocks } from '../measurement/schema/clocks.js';
import { fitClock, SAME_CLOCK, translated, type ClockFit, type Exchange } from '../measurement/host-clocks.js';
import type { MeasuredTrial, TrialHead } from '../measurement/record.js';
import { measureTrial, type RawTrial } from '../measurement/trial.js';
import { usageOf, type Usage } from '../processes/usage.js';
import type { ServiceReport } from '../services/services.js';
import { readExchanges, readHistories, readReceived, readRequests, readRole, readUsage, type KeptServing, type Role } from './run-folder.js';

/** What the engine told, ready to be measured. */
export interface Loaded {
  head: TrialHead;
  run: EngineRun;
  /** Length of the measured window and of the warm-up before it, ms. */
  duration: number;
  warmup: number;
  /** How the engine kept the schedule. */
  schedule: RawTrial['load']['schedule'];
}

/** Clocks by role, each read on that of whoever kept the run; null where nothing is known of it. */
type Clocks = Record<Role, ClockFit | null>;

/** The trial; invalid where something is missing. */
export function keptTrial(folder: string, serving: KeptServing, loaded: Loaded): MeasuredTrial {
  const { head, run, duration, warmup, schedule } = loaded;
  const clocks = roleClocks(folder, serving);
  const onServer = generatorClocks(run, readRequests(folder));
  const rows = run.rows.map((row) => rowOn(row, onServer[row.source] ?? null, clocks.server ?? SAME_CLOCK));
  const startAt = Math.min(...Object.values(onServer).map((fit) => translated(clocks.server ?? SAME_CLOCK, translated(fit, 0))));
  const endedAt = serving.endedAt ?? lastMoment(rows);
  const window = { startAt: Number.isFinite(startAt) ? startAt : 0, duration, warmup, endedAt, startedAt: new Date(run.startedAt ?? 0).toISOString() };
  const history = serving.roles.flatMap((role) => readHistories(folder, role).map((entry) => entryOn(entry, clocks[role] ?? SAME_CLOCK)));
  const reports = mergedReports({ ...reportsOf(folder, serving, clocks, window), held: serving.held }, history);
  const load = { observations: observationsOf(rows), schedule, retried: 0, usage: null };
  const trial = measureTrial({ head, subject: serving.subject, seed: serving.seed, window, load, ...reports });
  const problems = [...missing(folder, serving, clocks), ...unknownGenerators(run, onServer), ...trial.validity.problems];
  const judged = { ...trial, validity: { ...trial.validity, valid: problems.length === 0, problems } };
  return withClocks(judged, boundsOf(run, clocks, onServer, serving));
}

function roleClocks(folder: string, { roles, apart }: KeptServing): Clocks {
  const clockOf = (role: Role): ClockFit | null => (apart ? fitClock(readExchanges(folder, role)) : SAME_CLOCK);
  return { services: null, server: null, consumers: null, ...Object.fromEntries(roles.map((role) => [role, clockOf(role)])) };
}

/** Every request that was answered is an exchange with the server: by these each generator's clock is read on the server's. */
function generatorClocks({ rows }: EngineRun, requests: ReturnType<typeof readRequests>): Record<string, ClockFit> {
  const exchanges: Record<string, Exchange[]> = {};
  for (const { source, index, sentAt, endedAt, status } of rows) {
    const seen = requests.get(index);
    if (!seen || status === 0) continue;
    (exchanges[source] ??= []).push({ sentAt, receivedAt: seen.arrivedAt, repliedAt: seen.repliedAt, answeredAt: endedAt });
  }
  return Object.fromEntries(Object.entries(exchanges).flatMap(([source, all]) => {
    const fit = fitClock(all);
    return fit ? [[source, fit] as const] : [];
  }));
}

/** Both ends by the clock's reading at the beginning: a response time stays as its own machine measured it. */
function rowOn(row: EngineRow, onServer: ClockFit | null, server: ClockFit): EngineRow {
  const shift = onServer ? translated(server, translated(onServer, row.intendedAt)) - row.intendedAt : 0;
  const firstByte = row.firstByteAt === undefined ? {} : { firstByteAt: row.firstByteAt + shift };
  return { ...row, ...firstByte, intendedAt: row.intendedAt + shift, sentAt: row.sentAt + shift, endedAt: row.endedAt + shift };
}

function entryOn(entry: HistoryEntry, clock: ClockFit): HistoryEntry {
  return clock === SAME_CLOCK ? entry : { ...entry, at: translated(clock, entry.at) };
}

function lastMoment(rows: readonly EngineRow[]): number {
  return rows.reduce((last, { endedAt }) => Math.max(last, endedAt), 0);
}

const NO_USAGE: Usage = { eventLoop: 0, delayP99: 0, cpu: 0, elapsed: 0, rss: 0 };

/** What the roles counted; of one that did not come to its end what it last wrote. */
function reportsOf(folder: string, { roles }: KeptServing, clocks: Clocks, window: { startAt: number; duration: number }): Omit<Parameters<typeof mergedReports>[0], 'held'> {
  const usage = (role: Role, own: Usage = NO_USAGE): Usage => usageWithin(folder, role, clocks[role] ?? SAME_CLOCK, window) ?? own;
  const server = readRole<Partial<ServerReport>>(folder, 'server')?.report ?? {};
  const services = readRole<{ services: ServiceReport[]; usage: Usage }>(folder, 'services')?.report;
  const consumers = readRole<ConsumersReport>(folder, 'consumers')?.report;
  return {
    server: { receivedWarmup: 0, steps: [], services: [], history: [], ...server, received: server.received ?? readReceived(folder) ?? 0, usage: usage('server', server.usage) },
    services: roles.includes('services') ? { services: services?.services ?? [], usage: usage('services', services?.usage) } : null,
    consumers: roles.includes('consumers') ? { steps: [], services: [], ...consumers, usage: usage('consumers', consumers?.usage) } : null,
  };
}

/** How busy a role was within the window, as far as whole stretches tell. */
function usageWithin(folder: string, role: Role, clock: ClockFit, { startAt, duration }: { startAt: number; duration: number }): Usage | null {
  const within = readUsage(folder, role).filter(({ at, elapsed }) => {
    const middle = translated(clock, at) - elapsed / 2;
    return middle >= startAt && middle <= startAt + duration;
  });
  return usageOf(within);
}

/** Roles that did not tell all they saw, and clocks that nothing is known of. */
function missing(folder: string, serving: KeptServing, clocks: Clocks): string[] {
  const { roles, lost, endedAt, apart } = serving;
  const silent = roles.filter((role) => readRole(folder, role)?.final !== true);
  return [
    ...lost,
    ...silent.map((role) => `The role ${role} did not come to its end in order: what it did not write down is missing.`),
    ...(endedAt === null && silent.length === 0 ? ['What served did not come to its end in order: what the bus held is not known.'] : []),
    ...(apart ? roles.filter((role) => clocks[role] === null && role !== 'services').map((role) => `Nothing is known of the clock of the role ${role}: its moments cannot be put beside others.`) : []),
  ];
}

function unknownGenerators({ rows, engine }: EngineRun, onServer: Record<string, ClockFit>): string[] {
  const unknown = [...new Set(rows.map(({ source }) => source))].filter((source) => !onServer[source]);
  return unknown.map((source) => `The server answered no request of ${engine} ${source}: its moments cannot be put beside those of the server.`);
}

function boundsOf({ engine, resolution }: EngineRun, { server, consumers }: Clocks, onServer: Record<string, ClockFit>, { apart, roles }: KeptServing): HostClocks {
  const generators = Object.entries(onServer).map(([source, fit]) => [`${engine} ${source}`, fit] as const);
  const worker = Math.max(0, ...generators.map(([, { bound }]) => bound + resolution));
  const lagBound = roles.includes('consumers') ? (server?.bound ?? 0) + (consumers?.bound ?? 0) : 0;
  const hosts = { ...(apart && server && { server }), ...(apart && consumers && { consumers }), ...Object.fromEntries(generators) };
  return {
    hosts: Object.fromEntries(Object.entries(hosts).map(([name, fit]) => [name, hostClock(fit)])),
    lagBound,
    completionBound: worker + lagBound,
  };
}

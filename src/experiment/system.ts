/** What is under load in a trial, whatever it is: the simulated services with an architecture, or a server of one's own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumersReport, ServerReport } from '../architectures/architecture.js';
import { now } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { reveal } from '../base/secret.js';
import { maskUrls } from '../base/urls.js';
import type { HistoryEntry } from '../events/history.js';
import type { LoadJob, LoadResult, MeasuredWindow } from '../load/load.js';
import type { MeasuredTrial, TrialHead } from '../measurement/record.js';
import { TRACED, type TracedTrial } from '../measurement/traced.js';
import { measureTarget } from '../measurement/target.js';
import { measureTrial, type Reports } from '../measurement/trial.js';
import type { Window } from '../measurement/window.js';
import { callGraphOf, publishesEvents } from '../scenarios/architectures.js';
import { outlastsReplies } from '../scenarios/call-graph.js';
import { isTarget, type Measurable, type Subject } from '../scenarios/subject.js';
import type { Target } from '../scenarios/target.js';
import type { EventSide } from './events.js';
import { FaultPlan } from './faults.js';
import type { ProcessGroup } from './process-group.js';
import { ANSWERS_WITHIN } from '../processes/child.js';
import type { Usage } from '../processes/usage.js';
import type { ServiceReport } from '../services/services.js';
import { backlogOf, newRun, startServing, type Serving, type ServingOptions } from './processes.js';
import { startTarget } from './target/command.js';
import { askedFor, readCount } from './target/counter.js';
import { HTTP2_ONLY, isHttp2Only } from './target/http2.js';

/** What a load generator is told of a system. */
export type SystemRequest = Pick<LoadJob, 'url' | 'method' | 'headers' | 'body' | 'run' | 'expect' | 'closesIdle'>;

/** How often the histories of a trial are looked at while its backlog drains, ms. */
const DRAIN_POLL = 50;

/** A load that is over. */
export interface LoadedTrial {
  head: TrialHead;
  window: Window;
  load: LoadResult;
}

/** A system that serves. */
export interface System {
  request: SystemRequest;
  /** Tells it the measured window, before that begins; its end may be told again. */
  window(window: MeasuredWindow): Promise<void>;
  /** Events waiting, all consumers together; null where there are none. */
  backlog(): Promise<number | null>;
  /** Resolves when nothing waits any more, or after `within` ms. */
  drain(within: number): Promise<void>;
  /** Asks for what it saw, and folds all into the result. */
  measure(trial: LoadedTrial): Promise<MeasuredTrial>;
}

/**
 * Starts what is measured, in processes of its own.
 * @throws UserError when a server of one's own does not serve, or a bus is not to be had
 */
export function startSystem(group: ProcessGroup, measurable: Measurable, options: SystemOptions): Promise<System> {
  return isTarget(measurable) ? targetSystem(group, measurable, options) : simulatedSystem(group, measurable, options);
}

/** How what is simulated is served. */
export type SystemOptions = Omit<ServingOptions, 'port'>;

async function simulatedSystem(group: ProcessGroup, subject: Subject, options: SystemOptions): Promise<System> {
  const { seed } = options;
  const serving = await startServing(group, subject, options);
  const { services, server, events, url } = serving;
  const hasEvents = publishesEvents(subject.architecture);
  const outlasts = outlastsReplies(callGraphOf(subject));
  const faults = new FaultPlan(subject.faults, { server, ...events?.victims }, (error) => group.fail(error));
  return {
    request: { url: `${url}/orders`, method: 'POST', headers: {}, body: '', run: serving.arranged.run },
    window: async (window) => {
      await Promise.all([services?.calls.window(window), server.observe(window), events?.consumers.observe(window)]);
      faults.schedule(window);
    },
    backlog: async () => (hasEvents ? sum(Object.values(await backlogOf(serving))) : null),
    drain: async (within) => {
      await faults.settled();
      const until = now() + within;
      if (outlasts) await server.calls.drain({ within }, within + ANSWERS_WITHIN);
      // The server knows nothing of consumers in another process.
      if (events) await drained(events, until, group.over);
    },
    measure: async (trial) => {
      const reports = await reportsOf(serving);
      // What was in progress when the load ended has been finished since.
      const window = events ? { ...trial.window, endedAt: now() } : trial.window;
      const faulted = subject.faults.length > 0 ? { faults: faults.marks } : {};
      const measured = measureTrial({ ...trial, window, subject, seed, ...reports, ...faulted });
      if (!options.keepsSpans) return measured;
      return { ...measured, [TRACED]: { ...(await tracedOf(serving, reports)), observations: trial.load.observations } };
    },
  };
}

/** What the processes of a subject saw, each for itself, and what the bus held then. */
export interface RawReports {
  server: Omit<ServerReport, 'held'>;
  services: { services: ServiceReport[]; usage: Usage } | null;
  consumers: ConsumersReport | null;
  held: Record<string, string[]>;
}

/** Resolves when no request is in progress and no event waits, by what all have counted, or after `within` ms. */
export async function quiet(serving: Serving, within: number): Promise<void> {
  const until = now() + within;
  await serving.server.calls.drain({ within }, within + ANSWERS_WITHIN);
  while (serving.events && now() < until && sum(Object.values(await backlogOf(serving))) > 0) await sleep(DRAIN_POLL);
}

/** Lets what is under way come to its end, for `within` ms at most, and tells what all processes saw: they take nothing more. */
export async function endServing(serving: Serving, within: number): Promise<RawReports> {
  await quiet(serving, within);
  // With an external bus it is closed for the report anyway.
  if (!serving.events) await serving.server.calls.close(undefined);
  return rawReportsOf(serving);
}

/** What all processes saw, and what the bus held then: an external one is asked when nothing moves any more. */
async function reportsOf(serving: Serving): Promise<Reports> {
  return mergedReports(await rawReportsOf(serving), serving.events?.histories.all());
}

async function rawReportsOf({ services, server, events }: Serving): Promise<RawReports> {
  if (events) await Promise.all([server.calls.close(undefined), events.consumers.close()]);
  const held = await events?.held();
  const reports = await Promise.all([server.report(), services?.calls.report(undefined), events?.consumers.report()]);
  const { held: heldByServer, ...saw } = reports[0];
  return { server: saw, services: reports[1] ?? null, consumers: reports[2] ?? null, held: held ?? heldByServer };
}

/** The same as one account. @param history what all processes wrote, where the server's report has none */
export function mergedReports({ server, services, consumers, held }: RawReports, history?: readonly HistoryEntry[]): Reports {
  // Own work is done where its step is: in the server, or by the consumers.
  const inProcess = [...server.services, ...(consumers?.services ?? [])].filter(({ received }) => !services || received > 0);
  const simulated = { services: [...(services?.services ?? []), ...inProcess], usage: services?.usage ?? null };
  return { server, services: simulated, held, ...(consumers && { consumers }), ...(history && { history }) };
}

/** What a server that takes nothing more from now on left for its spans. */
export async function tracedServing(serving: Serving): Promise<TracedTrial> {
  return tracedOf(serving, await reportsOf(serving));
}

/** What all processes kept for the spans of a run. */
async function tracedOf({ server, events, arranged, url }: Serving, { server: report, services, history }: Reports): Promise<TracedTrial> {
  const kept = await Promise.all([server.calls.spans(undefined), events?.consumers.spans()]);
  const { run, graph, services: simulated, real = [] } = arranged;
  const origins = { ...simulated, ...Object.fromEntries(real.map(({ name, url: at }) => [name, new URL(at).origin])) };
  return {
    run,
    graph,
    url: `${url}/orders`,
    method: 'POST',
    origins,
    bus: events?.place.name ?? 'memory',
    epoch: Math.round(Date.now() - now()),
    observations: null,
    kept: kept.filter((one) => one !== null && one !== undefined),
    services: services.services,
    history: history ?? report.history,
  };
}

async function drained({ histories }: EventSide, until: number, signal: AbortSignal): Promise<void> {
  while (sum(Object.values(histories.backlog())) > 0 && now() < until) await sleep(DRAIN_POLL, undefined, { signal });
}

async function targetSystem(group: ProcessGroup, target: Target, { keepsSpans }: SystemOptions): Promise<System> {
  await startTarget(group, target);
  const before = await readCount(target);
  const { method, expect } = target;
  const run = newRun();
  const url = reveal(target.url);
  const headers = Object.fromEntries(Object.entries(target.headers).map(([name, value]) => [name, reveal(value)]));
  return {
    request: { url, method, headers, run, body: reveal(target.body), expect: { ...expect, body: expect.body === null ? null : reveal(expect.body) }, closesIdle: true },
    window: async () => {},
    backlog: async () => null,
    drain: async () => {},
    measure: async (trial) => {
      const after = await readCount(target);
      const received = before === null || after === null ? null : after - before - askedFor(target);
      const measured = measureTarget({ ...trial, received });
      // Not one good answer: perhaps the server was never understood.
      if (measured.outcomes.sent > 0 && measured.outcomes.ok === 0 && (await isHttp2Only(url))) {
        throw new UserError(`${target.name}: no request got a good answer from ${new URL(url).host}: ${HTTP2_ONLY}.`);
      }
      if (!keepsSpans) return measured;
      const { observations } = trial.load;
      return { ...measured, [TRACED]: { run, graph: null, url: maskUrls(url), method, origins: {}, bus: null, epoch: Math.round(Date.now() - now()), observations, kept: [], services: [], history: [] } };
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

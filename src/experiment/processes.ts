/** The processes of one trial: services, architecture server, load generator; with an external bus, its event side. */
import { randomBytes } from 'node:crypto';
import type { Backlog, ServerOptions, StepReport } from '../architectures/architecture.js';
import type { PlaceTopic } from '../events/place.js';
import type { EventCounts } from '../events/recorder.js';
import { MEMORY, type BusSettings } from '../events/settings.js';
import type { LoadRemote } from '../load/load.js';
import type { Child } from '../processes/child.js';
import { callGraphOf } from '../scenarios/architectures.js';
import type { Subject } from '../scenarios/subject.js';
import type { Hop, ServicesRemote } from '../services/services.js';
import { openPlace, startEventSide, type EventSide } from './events.js';
import type { ProcessGroup } from './process-group.js';
import { realServices } from './real-services.js';
import { MortalServer } from './server.js';

/** A subject that serves: its services, its server and, with an external bus, its event side, in processes of their own. */
export interface Serving {
  /** Null: they answer within the server's process. */
  services: Child<ServicesRemote> | null;
  server: MortalServer;
  events: EventSide | null;
  /** Base URL of the server. */
  url: string;
  /** How its processes were arranged. */
  arranged: Arranged;
}

/** What the processes of a subject have in common. */
export type Arranged = Omit<ServerOptions, 'port' | 'host' | 'place' | 'folder'> & { run: string };

/** How a subject is served. */
export interface ServingOptions {
  seed: number;
  /** Port of the server; 0 is any free one. */
  port?: number;
  /** Address that the server listens on; 127.0.0.1 without it. */
  host?: string;
  /** Folder that histories and counts are kept in when all is over; without it, they are not. */
  keep?: string;
  bus?: BusSettings;
  /** `in-process` takes the memory bus: consumers in another process could not reach the services. */
  hop?: Hop;
  /** Whether its spans are to be written. */
  keepsSpans?: boolean;
}

/** Starts the services of a subject, its event side, and its server over them. */
export async function startServing(
  group: ProcessGroup,
  subject: Subject,
  { seed, port = 0, host, keep, bus = MEMORY, hop = 'http', keepsSpans = false }: ServingOptions,
): Promise<Serving> {
  const graph = callGraphOf(subject);
  const [services, opened] = await Promise.all([
    hop === 'in-process' ? null : group.start<ServicesRemote>('services-process.js'),
    openPlace(group, graph, bus, keep),
  ]);
  const simulated = subject.services.filter(({ endpoint }) => !endpoint);
  const arranged: Arranged = {
    graph,
    run: newRun(),
    keepsSpans,
    keeps: keep !== undefined,
    faults: subject.faults,
    services: services && hop !== 'in-process' ? await services.calls.start({ services: simulated.filter(({ own }) => !own), seed, hop }) : {},
    inProcess: services ? simulated.filter(({ own }) => own) : simulated,
    real: realServices(subject.services),
    seed,
  };
  const events = opened && (await startEventSide(group, opened, arranged));
  const listening = { port, ...(host !== undefined && { host }), ...(keep !== undefined && { folder: keep }) };
  const server = await MortalServer.start(group, { ...arranged, ...listening, work: subject.server.work, ...(opened ? { place: opened.place } : {}) });
  return { services, events, server, url: server.url, arranged };
}

/** What ids of traces end with, at random: no two runs share a trace. */
export function newRun(): string {
  return randomBytes(12).toString('hex');
}

/**
 * Events acknowledged and not finished, by consumer, wherever these are. With an external bus the difference of what its
 * processes have counted, which they tell one after the other: to look at, not to judge by. Nothing is read for it.
 */
export async function backlogOf({ server, events }: Serving): Promise<Backlog> {
  if (!events) return server.calls.backlog(undefined);
  return waitingOf(events.topics, await Promise.all([server.calls.counts(undefined), events.consumers.counts()]));
}

/** What waits for each consumer, by the counts of several processes. */
export function waitingOf(topics: readonly PlaceTopic[], processes: readonly Record<string, EventCounts>[]): Backlog {
  const sum = (of: (counts: EventCounts) => number | undefined, topic: string): number =>
    processes.reduce((total, counts) => total + ((counts[topic] && of(counts[topic])) ?? 0), 0);
  const waiting = topics.flatMap(({ name, consumers }) =>
    consumers.map((consumer) => {
      const finished = sum((counts) => counts.finished[consumer], name);
      return [consumer, Math.max(0, sum(({ acknowledged }) => acknowledged, name) - finished)] as const;
    }),
  );
  return Object.fromEntries(waiting);
}

/** What steps and consumers have counted so far, in whichever process. */
export async function stepsOf({ server, events }: Serving): Promise<StepReport[]> {
  const [steps, consumers] = await Promise.all([server.calls.steps(undefined), events?.consumers.report()]);
  return [...steps, ...(consumers?.steps ?? [])];
}

/** Starts the load generator. */
export function startLoad(group: ProcessGroup): Promise<Child<LoadRemote>> {
  return group.start<LoadRemote>('load-process.js');
}

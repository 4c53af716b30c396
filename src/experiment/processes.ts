/** The processes of one trial: services, architecture server, load generator; with an external bus, its event side. */
import type { Backlog, StepReport } from '../architectures/architecture.js';
import { MEMORY, type BusSettings } from '../events/settings.js';
import type { LoadRemote } from '../load/load.js';
import type { Child } from '../processes/child.js';
import { callGraphOf } from '../scenarios/architectures.js';
import type { Subject } from '../scenarios/subject.js';
import type { Hop, ServicesRemote } from '../services/services.js';
import { openPlace, startEventSide, type EventSide } from './events.js';
import type { ProcessGroup } from './process-group.js';
import { MortalServer } from './server.js';

/** A subject that serves: its services, its server and, with an external bus, its event side, in processes of their own. */
export interface Serving {
  /** Null: they answer within the server's process. */
  services: Child<ServicesRemote> | null;
  server: MortalServer;
  events: EventSide | null;
  /** Base URL of the server. */
  url: string;
}

/** How a subject is served. */
export interface ServingOptions {
  seed: number;
  /** Port of the server on 127.0.0.1; 0 is any free one. */
  port?: number;
  bus?: BusSettings;
  /** `in-process` takes the memory bus: consumers in another process could not reach the services. */
  hop?: Hop;
}

/** Starts the services of a subject, its event side, and its server over them. */
export async function startServing(
  group: ProcessGroup,
  subject: Subject,
  { seed, port = 0, bus = MEMORY, hop = 'http' }: ServingOptions,
): Promise<Serving> {
  const graph = callGraphOf(subject);
  const [services, opened] = await Promise.all([
    hop === 'in-process' ? null : group.start<ServicesRemote>('services/process.js'),
    openPlace(group, graph, bus),
  ]);
  const arranged = {
    graph,
    faults: subject.faults,
    services: services && hop !== 'in-process' ? await services.calls.start({ services: subject.services, seed, hop }) : {},
    ...(services ? {} : { inProcess: subject.services }),
    seed,
  };
  const events = opened && (await startEventSide(group, opened, arranged));
  const server = await MortalServer.start(group, { ...arranged, port, work: subject.server.work, ...(opened ? { place: opened.place } : {}) });
  return { services, events, server, url: server.url };
}

/** Events acknowledged and not finished, by consumer, wherever these are. */
export async function backlogOf({ server, events }: Serving): Promise<Backlog> {
  return events ? events.histories.backlog() : server.calls.backlog(undefined);
}

/** What steps and consumers have counted so far, in whichever process. */
export async function stepsOf({ server, events }: Serving): Promise<StepReport[]> {
  const [steps, consumers] = await Promise.all([server.calls.steps(undefined), events?.consumers.report()]);
  return [...steps, ...(consumers?.steps ?? [])];
}

/** Starts the load generator. */
export function startLoad(group: ProcessGroup): Promise<Child<LoadRemote>> {
  return group.start<LoadRemote>('load/process.js');
}

/** What an architecture's server process is asked and what it answers. */
import type { Usage, UsageStretch } from '../processes/usage.js';
import type { Fault } from '../scenarios/fault.js';
import type { EventCounts } from '../events/recorder.js';
import type { Cause } from '../base/causes.js';
import type { HistoryEntry } from '../events/history.js';
import type { BusPlace } from '../events/place.js';
import type { CallGraph } from '../scenarios/call-graph.js';
import type { Service } from '../scenarios/scenario.js';
import type { ScalingFigures } from '../services/scaling.js';
import type { ServiceReport } from '../services/services.js';
import type { RealServiceOptions } from './real-service.js';
import type { KeptSpans } from './span-log.js';

/** How the server is arranged. */
export interface ServerOptions {
  graph: CallGraph;
  /** Base URL of each service, by name. */
  services: Record<string, string>;
  /** Services that answer within this process in place of those, without an HTTP hop; none when left out. */
  inProcess?: readonly Service[];
  /** Services that are called for real; none when left out. */
  real?: readonly RealServiceOptions[];
  seed: number;
  /** The server's own work on one request, ms; what it takes by itself when left out. */
  work?: number;
  /** What ids of its traces end with, 24 hexadecimal digits: those of all processes of a trial do. */
  run?: string;
  /** Whether it keeps what its histories do not tell of the spans of its requests. */
  keepsSpans?: boolean;
  /** What goes wrong with deliveries on purpose. */
  faults?: readonly Fault[];
  /** Folder for what must outlive this process: the count of orders and its histories; none is kept without it. */
  folder?: string;
  /** Whether its folders stay when it ends, and the moments of every request are kept as well. */
  keeps?: boolean;
  /** Port to listen on; 0 is any free one. */
  port: number;
  /** Address to listen on; 127.0.0.1 when left out. */
  host?: string;
  /** Where events go, and where consumers of another process take them from; in this process when left out. */
  place?: BusPlace;
}

/** How the consumers are arranged beside a server in another process. */
export type ConsumersOptions = Omit<ServerOptions, 'port' | 'host' | 'place' | 'folder'> & { place: BusPlace };

/** What is counted of a step, or a consumer, for measured requests: at first none of it. In the order of the record. */
export const NO_COUNTS = {
  /** HTTP calls made, retries included. */
  calls: 0,
  /** Step runs that ended well and badly. */
  ok: 0,
  failed: 0,
  /** Calls by how they failed. */
  timeouts: 0,
  errors: 0,
  rejected: 0,
  connection: 0,
  /** Runs refused by the open breaker without a call. */
  shortCircuited: 0,
  /** Calls refused because they came too soon (429). */
  limited: 0,
  /** Calls held back by the step's own rate, and for how long together, ms. */
  paced: 0,
  pacedTime: 0,
  /** Calls that waited for a connection of a pool shared with other steps, and for how long together, ms. */
  pooled: 0,
  pooledTime: 0,
  /** Retries not made because the retry budget was used up. */
  budgetExhausted: 0,
  /** Times the breaker opened. */
  breakerOpened: 0,
};
export type StepCounts = typeof NO_COUNTS;

/** The caller's view of one step (or consumer): calls made over the network, and what the step came to. */
export interface StepReport extends StepCounts {
  name: string;
  /** Step runs asked for. */
  runs: number;
}

/** What the server saw. */
export interface ServerReport {
  /** Orders received, counted on arrival: measured ones and those of the warm-up. */
  received: number;
  receivedWarmup: number;
  steps: StepReport[];
  /** Histories of the events it published and its embedded consumers processed; empty when they are in files. */
  history: HistoryEntry[];
  /** Identities of the events that its own buses held at the moment at which `history` ends, by consumer. */
  held: Record<string, string[]>;
  /** Why buses refused something. */
  causes?: Cause[];
  /** Workers of its consumers that scale, by consumer; undefined where none do. */
  scaled?: Record<string, ScalingFigures> | undefined;
  /** Of the services within its process. */
  services: ServiceReport[];
  usage: Usage;
}

/** What the consumers saw when they ran in a process of their own; their histories are in files. */
export interface ConsumersReport {
  steps: StepReport[];
  causes?: Cause[];
  /** Workers of its consumers that scale, by consumer; undefined where none do. */
  scaled?: Record<string, ScalingFigures> | undefined;
  /** Of the services within its process. */
  services: ServiceReport[];
  usage: Usage;
}

/** State of the events at one moment: acknowledged and not yet processed, by consumer. */
export type Backlog = Record<string, number>;

/** Functions of the server process. */
export type ServerRemote = {
  start(options: ServerOptions): Promise<{ url: string }>;
  /** Tells the measured window: usage is that within it. Its end may be told again. */
  window(window: { startAt: number; endAt: number }): void;
  backlog(): Backlog;
  /** What it has seen of each topic, counted: it costs the same however many there are. */
  counts(): Record<string, EventCounts>;
  /** Resolves when no event waits or is in progress, or after `within` ms. */
  drain(options: { within: number }): Promise<void>;
  /** Identities of the events that its own buses hold, by consumer. Ask it when it is closed: before, what is published meanwhile is in no answer. */
  held(): Promise<Record<string, string[]>>;
  /** What its steps have counted so far. */
  steps(): StepReport[];
  /** Takes no more orders and publishes no more; what is in progress is finished. */
  close(): Promise<void>;
  report(): Promise<ServerReport>;
  /** What it used since it was asked last; null the first time. */
  used(): UsageStretch | null;
  /** When it did what; null where that was not to be kept. */
  spans(): KeptSpans | null;
};

/** Functions of the process of the consumers. */
export type ConsumersRemote = {
  /** Resolves when every consumer is subscribed. */
  start(options: ConsumersOptions): Promise<void>;
  window(window: { startAt: number; endAt: number }): void;
  /** What they have seen of each topic, counted. */
  counts(): Record<string, EventCounts>;
  /** Takes no more deliveries; resolves when those in progress are done. */
  close(): Promise<void>;
  report(): ConsumersReport;
  used(): UsageStretch | null;
  spans(): KeptSpans | null;
};

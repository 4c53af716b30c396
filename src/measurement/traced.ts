/** What a trial leaves for its spans to be written of: never saved, and only there when it was asked for. */
import type { KeptSpans } from '../architectures/span-log.js';
import type { BusName } from '../events/buses.js';
import type { HistoryEntry } from '../events/history.js';
import type { Observations } from '../load/load.js';
import type { CallGraph } from '../scenarios/call-graph.js';
import type { ServiceReport } from '../services/services.js';

/** Where a measured trial has it: JSON leaves out what stands under a symbol, and so records hold none of it. */
export const TRACED = Symbol('traced');

/** The histories of a trial, as its processes handed them over; moments on the machine's monotonic clock, ms. */
export interface TracedTrial {
  /** What ids of its traces end with. */
  run: string;
  /** Who calls and publishes what; null for a server of one's own. */
  graph: CallGraph | null;
  /** What was asked, with secrets masked. */
  url: string;
  method: string;
  /** Base URL of each service, by name; none of those that were within the process of their caller. */
  origins: Readonly<Record<string, string>>;
  /** What carried events; null where there are none of ours. */
  bus: BusName | null;
  /** Moment 0 of the monotonic clock, whole ms since 1970. */
  epoch: number;
  /** Of the load; null when it was not ours. */
  observations: Observations | null;
  /** Of each process of the architecture. */
  kept: readonly KeptSpans[];
  services: readonly ServiceReport[];
  history: readonly HistoryEntry[];
}

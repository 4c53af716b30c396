/** The calls of a trial: its services, who calls them, and what runs steps of several calls. */
import { isOneCall, type ServiceCall } from '../../scenarios/call-graph.js';
import type { FaultProcess } from '../../scenarios/fault.js';
import type { Service } from '../../scenarios/scenario.js';
import { BatchRuns, BatchWatches } from './batch-runs.js';
import { CALL, CallTable } from './call-table.js';
import { Caller } from './caller.js';
import type { CallerTally } from './caller-tally.js';
import { SharedPools } from './connection-pool.js';
import { CallDraws } from './draws.js';
import type { EventQueue } from './event-queue.js';
import type { TrialInput, VirtualWindow } from './model.js';
import type { Owner, RunOwner } from './owner.js';
import type { Uptime } from './processes.js';
import type { Saga } from './saga.js';
import type { Scalers } from './scalers.js';
import { FifoStation, type Station } from './station.js';
import { StepRuns, type Runner } from './step-runs.js';
import { isUndecided, WaitingStation } from './waiting-station.js';

/** What the calls of a step or consumer come to. */
export interface NamedCalls {
  name: string;
  tally: CallerTally;
  station: Station;
}

export interface TrialCallsParts {
  queue: EventQueue;
  window: VirtualWindow;
  scalers: Scalers;
  /** When the process works that a caller is in; null: always. */
  uptimeOf: (process: FaultProcess) => Uptime | null;
}

/** Callers stand in the order in which they are added, which is that of the graph's calls. */
export class TrialCalls {
  readonly table = new CallTable();
  readonly callers: Caller[] = [];
  /** What runs the steps of those. */
  readonly runners: Runner[] = [];
  readonly named: NamedCalls[] = [];
  readonly batches = new BatchWatches();
  private readonly pools = new SharedPools((call) => this.callerOf(call).lend(call));
  private readonly stations: Map<string, Station>;
  private readonly input: TrialInput;
  private readonly parts: TrialCallsParts;

  constructor(input: TrialInput, parts: TrialCallsParts) {
    this.input = input;
    this.parts = parts;
    const { queue, window, scalers } = parts;
    const shared = { queue, window, scalers, calls: this.table, callers: this.callers, seed: input.seed };
    this.stations = new Map(input.subject.services.map((service) => [service.name, isUndecided(service) ? new WaitingStation(service, shared) : new FifoStation(service, shared)]));
  }

  callerOf(call: number): Caller {
    return this.callers[this.table.get(call, CALL.caller)]!;
  }

  /**
   * @param owner told how each run ends
   * @param process that the caller is in
   */
  add(options: ServiceCall, owner: RunOwner, process: FaultProcess): Runner {
    const runner = isOneCall(options) ? this.newCaller(options, owner, process, true) : this.newRuns(options, owner, process);
    this.runners.push(runner);
    return runner;
  }

  /** What is called where the step at a position fails, if anything is. */
  addFallback(options: ServiceCall | undefined, position: number, process: FaultProcess): void {
    const runner = this.runners[position]!;
    if (options && runner instanceof StepRuns) runner.fallBackOn(this.newCaller(options, runner, process, true));
  }

  /** What undoes the step at a position, if anything does. */
  addCompensation(options: ServiceCall | undefined, position: number, process: FaultProcess, saga: Saga | null): void {
    if (options && saga) saga.add(position, this.newCaller(options, saga, process, true));
  }

  /** Draws of a step or consumer at its service. */
  drawsOf({ name }: ServiceCall, { latency, own }: Service): CallDraws {
    // Own work takes no hop.
    return new CallDraws(this.input.seed, name, latency, own ? undefined : this.input.machine?.call);
  }

  /** @throws Error where the scenario has no such service: it was not resolved */
  stationOf({ call, name }: ServiceCall): Station {
    const station = this.stations.get(call);
    if (!station) throw new Error(`No service ${call} for step ${name}`);
    return station;
  }

  private newRuns(options: ServiceCall, owner: RunOwner, process: FaultProcess): Runner {
    const { batch } = options;
    const { queue, scalers } = this.parts;
    const callerFor = (runs: Owner): Caller => this.newCaller(options, runs, process, false);
    if (!batch) return new StepRuns(options, owner, callerFor);
    const runs = new BatchRuns(options, batch, owner, queue, scalers, callerFor);
    this.batches.add(runs.position, runs);
    return runs;
  }

  private newCaller(options: ServiceCall, owner: Owner, process: FaultProcess, isWhole: boolean): Caller {
    const { callers, table: calls, parts: { queue, window, uptimeOf } } = this;
    const station = this.stationOf(options);
    const draws = this.drawsOf(options, station.service);
    const pool = this.pools.of(options, process);
    const caller = new Caller(options, { queue, calls, station, draws, owner, window, pool, process, uptime: uptimeOf(process), position: callers.length, isWhole });
    callers.push(caller);
    this.named.push({ name: options.name, tally: caller.tally, station });
    return caller;
  }
}

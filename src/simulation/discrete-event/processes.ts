/** When the processes of a trial do nothing: stopped, or dead and not yet back, by what goes wrong on purpose. */
import { longestRequest } from '../../load/attempts.js';
import { isProcessFault, type FaultProcess, type ProcessFault } from '../../scenarios/fault.js';
import { publishesEvents } from '../../scenarios/architectures.js';
import { busModelOf, processesOf, whyUntold } from '../buses.js';
import type { TrialInput, VirtualWindow } from './model.js';

/** Time from the order to start a killed process until it serves, ms: what `docs/prediction.md` says was measured. */
export const RESTART_MS = 400;

/** A time during which a process does nothing, ms on the virtual clock. */
export interface Downtime {
  fault: ProcessFault;
  from: number;
  to: number;
}

/** When a process works: always, but for its downtimes. */
export class Uptime {
  private readonly downtimes: readonly Downtime[];

  /** @param downtimes in order of time */
  constructor(downtimes: readonly Downtime[]) {
    this.downtimes = downtimes;
  }

  /** The first moment from another one on at which it works. */
  awake(moment: number): number {
    let at = moment;
    for (const { from, to } of this.downtimes) if (at >= from && at < to) at = to;
    return at;
  }

  /** When it is no longer away as it is at a moment: that moment itself, where it works. It may be away anew from then on. */
  back(moment: number): number {
    return this.downtimes.find(({ from, to }) => moment >= from && moment < to)?.to ?? moment;
  }

  /** When it has done work that it begins at a moment, and that takes so many ms. */
  done(beginAt: number, ms: number): number {
    let at = this.awake(beginAt);
    let left = ms;
    for (const { from, to } of this.downtimes) {
      if (to <= at || at + left <= from) continue;
      left -= from - at;
      at = to;
    }
    return at + left;
  }

  /** Whether it has been killed, and is not back yet. */
  isDead(at: number): boolean {
    return this.downtimes.some(({ fault, from, to }) => fault.kind === 'crash' && at >= from && at < to);
  }
}

/**
 * What of a trial's faults happens in the model, in order of time. A process has one after the other, and what would begin after
 * the window does not happen.
 */
export function plannedDowntimes(input: TrialInput): Downtime[] {
  const { subject, bus, warmup, duration } = input;
  const processes = processesOf(bus, publishesEvents(subject.architecture));
  const backAt = new Map<FaultProcess, number>();
  const downtimes: Downtime[] = [];
  for (const fault of subject.faults.filter(isProcessFault).toSorted((a, b) => a.at - b.at)) {
    const from = Math.max(warmup + fault.at, backAt.get(fault.process) ?? 0);
    if (from >= warmup + duration || !processes.includes(fault.process) || whyUntold(fault, bus, subject) !== null) continue;
    const to = from + timeAway(fault, input);
    backAt.set(fault.process, to);
    downtimes.push({ fault, from, to });
  }
  return downtimes.toSorted((a, b) => a.from - b.from);
}

/** ms */
function timeAway({ kind, process, for: ms }: ProcessFault, { bus, machine, restart = RESTART_MS }: TrialInput): number {
  if (kind === 'pause') return ms;
  return Math.max(ms + (machine?.restart?.[process] ?? restart), process === 'consumer' ? busModelOf(bus).rejoinsAfter : 0);
}

/** When a process works; null: always. */
export function uptimeOf(process: FaultProcess, downtimes: readonly Downtime[]): Uptime | null {
  const own = downtimes.filter(({ fault }) => fault.process === process);
  return own.length > 0 ? new Uptime(own) : null;
}

/**
 * The last request is sent within the window, its client waits for it so long, every process is brought back, and all else is
 * given the drain after that.
 */
export function windowOf({ warmup, duration, timeout, retries, drain }: TrialInput, downtimes: readonly Downtime[]): VirtualWindow {
  const endAt = warmup + duration;
  return { startAt: warmup, endAt, overBy: Math.max(endAt + longestRequest({ timeout, retries }), ...downtimes.map(({ to }) => to)) + drain };
}

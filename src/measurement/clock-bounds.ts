/** How well the clocks of several hosts are known, and which times that is too little for. Pure. */
import type { ClockFit } from './host-clocks.js';
import type { EventsResult, MeasuredTrial } from './record.js';
import type { HostClock, HostClocks } from './schema/clocks.js';

/** A bound that is more than this share of the p50 of the times it is about is too much. */
const MOST = 0.1;

export function hostClock({ offset, drift, bound, roundTrip, exchanges }: ClockFit): HostClock {
  return { offset, driftPpm: drift * 1e6, bound, roundTrip, exchanges };
}

/** Times that the clocks are not known well enough for, as problems of the trial. */
export function clockProblems({ lagBound, completionBound }: HostClocks, events: Pick<EventsResult, 'lag' | 'completionTime'> | null): string[] {
  if (!events) return [];
  return [
    ...problemOf('event lag', lagBound, events.lag.p50),
    ...problemOf('completion time', completionBound, events.completionTime.p50),
  ];
}

function problemOf(what: string, bound: number, p50: number | null): string[] {
  if (p50 === null || bound <= MOST * p50) return [];
  const median = p50 < bound ? 'below that' : `${p50.toFixed(1)} ms`;
  return [`The clocks of the hosts are known to ${formatBound(bound)}, and the p50 of the ${what} is ${median}: more than a tenth of it is no measurement. Put the hosts nearer together.`];
}

/** What every time between two hosts is to be read with. */
function clockNotes({ lagBound, completionBound }: HostClocks, events: MeasuredTrial['events']): string[] {
  if (!events || completionBound === 0) return [];
  const lag = lagBound === 0 ? 'an event lag is of one clock' : `an event lag is right to ${formatBound(lagBound)}`;
  return [`Several hosts, several clocks: ${lag}, and a completion time is right to ${formatBound(completionBound)}.`];
}

function formatBound(ms: number): string {
  return `${ms.toFixed(ms < 1 ? 2 : 1)} ms`;
}

/** The trial with what is known of its clocks, and invalid where that is too little. */
export function withClocks(trial: MeasuredTrial, clocks: HostClocks): MeasuredTrial {
  const problems = [...clockProblems(clocks, trial.events), ...trial.validity.problems];
  const notes = [...clockNotes(clocks, trial.events), ...trial.validity.notes];
  return { ...trial, clocks, validity: { valid: problems.length === 0, problems, notes } };
}

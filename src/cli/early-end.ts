/** Whether the windows of a run end as soon as enough is known: where nobody has said how long they are, and nothing hangs on it. */
import { withEarlyEnd } from '../experiment/plan.js';
import type { RunHead } from '../experiment/record.js';
import { builtInEntry } from '../scenarios/library/library.js';
import { saidOfLoad } from '../scenarios/said.js';
import type { BenchOptions } from './prepare.js';
import type { Io } from './io.js';
import { textOf } from './scenario.js';
import { canGoOn } from './virtual-load.js';

/** Options that say how long a window is, or ask for a comparison with one that was as long as planned. */
const SAY_HOW_LONG = ['duration', 'until', 'quick', 'baseline'] as const;

/**
 * The run with windows that end early, where they may: a fixed window is one that an option or a file of one's own says. With
 * limits every window is as long as planned, because their verdict rests on counts; and where something happens at a moment.
 * @param name of the scenario; undefined is the default, or none at all
 */
export function withoutWaiting(name: string | undefined, head: RunHead, options: BenchOptions, io: Pick<Io, 'cwd' | 'given'>): RunHead {
  const isAsked = SAY_HOW_LONG.some((option) => options[option] !== undefined) || isSaidIn(name, io);
  const { scenario } = head;
  const isFaulty = [scenario, ...scenario.variants].some(({ faults }) => faults.length > 0);
  return isAsked || isFaulty || head.thresholds.length > 0 || !canGoOn(scenario, options) ? head : { ...head, plan: withEarlyEnd(head.plan) };
}

/** Whether a file of the user's own says it. */
function isSaidIn(name: string | undefined, io: Pick<Io, 'cwd' | 'given'>): boolean {
  if (name === undefined || builtInEntry(name)) return false;
  const said = saidOfLoad(textOf(name, io), name);
  return ['duration', 'until'].some((key) => said.has(key));
}

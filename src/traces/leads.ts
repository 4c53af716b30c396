/** Steps that run side by side and do not begin at once: how long each began after the moment from which nothing let it wait. */
import { lengthOf, union, type Interval } from './intervals.js';
import { quantile, type Request } from './steps.js';

/** Below this share of p50, p95 or the mean the moments at which steps begin are no matter. */
const MATTERS = 0.005;

/**
 * How long each step began later than what it comes after allows, ns, one for each request; null for steps that do not, and for all where
 * that makes no difference. Only while another step runs: a gap between calls is own time, and a step in turn waits for the other.
 * @param keys of the steps in their order
 * @param before positions of the steps that each comes after
 */
export function leadsOf(requests: readonly Request[], keys: readonly string[], before: readonly (readonly number[])[]): (readonly number[] | null)[] {
  const none = keys.map(() => null);
  if (before.every((earlier, at) => earlier.length === at)) return none;
  const off = worstOff(requests, requests.map((request) => arranged(request, keys, before, false).total));
  if (off < MATTERS) return none;
  const rows = requests.map((request) => arranged(request, keys, before, true));
  if (worstOff(requests, rows.map(({ total }) => total)) > off / 2) return none;
  return keys.map((_, at) => (rows.some(({ leads }) => leads[at]! > 0) ? rows.map(({ leads }) => leads[at]!) : null));
}

/** A request whose steps begin as soon as those before them are over, or by their leads later; in time without gaps between calls. */
function arranged({ steps, own }: Request, keys: readonly string[], before: readonly (readonly number[])[], isLed: boolean): { total: number; leads: number[] } {
  const busy = union([...steps.values()].flatMap((step) => step.busy), -Infinity, Infinity);
  const [leads, ends]: [number[], number[]] = [[], []];
  for (const [at, key] of keys.entries()) {
    const step = steps.get(key);
    const first = step?.busy[0]?.[0];
    const soonest = Math.max(0, ...before[at]!.map((earlier) => ends[earlier]!));
    const isBeside = isLed && first !== undefined && [...steps.values()].some((other) => other !== step && isUnderWay(other.busy, first));
    leads[at] = isBeside ? Math.max(0, lengthUntil(busy, first) - soonest) : 0;
    ends[at] = soonest + leads[at] + (step?.time ?? 0);
  }
  return { total: own + Math.max(0, ...ends), leads };
}

function isUnderWay(busy: readonly Interval[], moment: number): boolean {
  return busy.some(([start, end]) => start < moment && end > moment);
}

function lengthUntil(busy: readonly Interval[], moment: number): number {
  return lengthOf(busy.flatMap(([start, end]) => (start < moment ? [[start, Math.min(end, moment)] as const] : [])));
}

/** How far p50, p95 or the mean of some totals are off those of the requests, the furthest of them, as a share. */
function worstOff(requests: readonly Request[], totals: readonly number[]): number {
  const [traced, simulated] = [figuresOf(requests.map(({ total }) => total)), figuresOf(totals)];
  return Math.max(...traced.map((figure, at) => Math.abs(simulated[at]! - figure) / Math.max(1, figure)));
}

function figuresOf(times: readonly number[]): number[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [quantile(sorted, 0.5), quantile(sorted, 0.95), times.reduce((sum, time) => sum + time, 0) / times.length];
}

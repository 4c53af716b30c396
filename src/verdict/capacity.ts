/**
 * Limits on what a search for capacity finds: `hybrid: users >= 200`, `sync: rate > 40`, `hybrid/sync: users >= 2`.
 * The same grammar as for trials, about one metric, and without a load: that is what is searched for.
 */
import { UserError } from '../base/errors.js';
import type { CapacityAnswer, Check, TrialLoad, Verdict } from '../measurement/record.js';
import { holds } from './limits.js';
import { counted, ratioOf, type Measured } from './measured.js';
import { parseThresholds, type Threshold, type Vocabulary } from './thresholds.js';

const METRICS: Record<TrialLoad['model'], { name: string; unit: 'count' | 'rate'; about: string }> = {
  closed: { name: 'users', unit: 'count', about: 'the most users that are carried (with --rate: rate, in requests per second)' },
  open: { name: 'rate', unit: 'rate', about: 'the most requests per second that are carried (without --rate: users)' },
};

/** Reads the thresholds of a search. @throws UserError with every mistake, one a line */
export function parseCapacityThresholds(texts: readonly string[], subjects: readonly string[], model: TrialLoad['model']): Threshold[] {
  const { name, unit, about } = METRICS[model];
  const metrics: Vocabulary = { unitOf: (metric) => (metric === name ? unit : undefined), names: () => [name], describe: () => `Metrics: ${name}, ${about}.` };
  const thresholds = parseThresholds(texts, { subjects, metrics });
  const loaded = thresholds.find(({ load }) => load !== null);
  if (loaded) throw new UserError(`Threshold ${JSON.stringify(loaded.expression)}: a search finds the load itself: leave out @${loaded.load}.`);
  return thresholds;
}

/** The levels at which the thresholds of one subject are decided: whether each is carried tells whether they hold. */
export function decidingLevels(thresholds: readonly Threshold[], subject: string): number[] {
  const own = thresholds.filter((threshold) => threshold.subject === subject && threshold.against === null);
  const levels = own.flatMap(({ operator, limit }) => {
    const [atLeast, beyond] = [Math.ceil(limit), Math.floor(limit) + 1];
    if (operator === '>=' || operator === '<') return [atLeast];
    return operator === '>' || operator === '<=' ? [beyond] : [atLeast, beyond];
  });
  return [...new Set(levels)].filter((level) => level >= 1).toSorted((a, b) => a - b);
}

/** Judges them. What the search could not tell is unknown, never passed. */
export function judgeCapacity(thresholds: readonly Threshold[], answers: readonly CapacityAnswer[]): Check[] {
  return thresholds.map((threshold) => {
    const { expression, level, operator, limit } = threshold;
    const named = [threshold.subject, ...(threshold.against === null ? [] : [threshold.against])];
    const found = named.map((name) => answers.find(({ architecture }) => architecture === name));
    const missing = named.find((_, i) => !found[i]);
    if (missing !== undefined) return { expression, state: 'unknown', level, detail: `${missing} was not searched`, observed: null };
    const [first, second] = found as [CapacityAnswer, CapacityAnswer?];
    const carried = second ? ratioOf(levelOf(first), levelOf(second)) : levelOf(first);
    const detail = found.map((answer) => describe(answer as CapacityAnswer)).join('; ');
    if (!carried) return { expression, state: 'unknown', level, detail: `${detail}: there is no ratio`, observed: null };
    return { expression, state: holds(carried, operator, limit), level, detail, observed: carried.value };
  });
}

/** What checks come to; those of level `warn` have no say. */
export function capacityVerdict(checks: readonly Check[]): Verdict {
  const states = checks.filter(({ level }) => level === 'error').map(({ state }) => state);
  if (states.includes('fail')) return 'fail';
  return states.includes('unknown') ? 'unknown' : 'pass';
}

/** Levels are whole: the true one is carried and below the lowest that is not. */
function levelOf({ most, beyond }: CapacityAnswer): Measured {
  return { ...(counted(most) as Measured), high: beyond === null ? Infinity : beyond - 1 };
}

function describe({ architecture, model, most, beyond, end, reason }: CapacityAnswer): string {
  const unit = model === 'closed' ? 'users' : 'requests/s';
  const carried = most === 0 ? `${architecture} is not known to carry any load` : `${architecture} carries ${most} ${unit}`;
  const over = beyond === null ? '' : `, ${beyond} are too many`;
  if (end === 'limit') return most === 0 ? `${architecture} does not carry ${beyond} ${unit}` : carried + over;
  const why = { asked: `more than ${most} were not tried (see --most)`, interrupted: 'the search was interrupted', machine: reason, unknown: reason }[end];
  return `${carried}${over}; ${why?.replace(/\.$/, '')}`;
}

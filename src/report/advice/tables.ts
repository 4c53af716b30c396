/** The tables of advice, said once: the terminal and Markdown draw the same cells. */
import type { GainAtLoad, StepAdvice } from '../../advice/grounds.js';
import type { Advice } from '../../advice/steps.js';
import type { MoveAtLoad } from '../../advice/move.js';
import type { TrialLoad } from '../../measurement/record.js';
import { AT_LEAST } from '../cells.js';
import type { Column } from '../columns.js';
import { ABSENT, formatCount, formatRate, formatShare, formatTime, oneLine } from '../format.js';
import type { AdviceDocument } from '../../advice/document.js';

type Head = Pick<Column, 'label' | 'align'>;

/** A table as text: head, cells, and for each row whether a group begins with it. */
export interface AdviceTable {
  title: string;
  head: Head[];
  rows: string[][];
  starts: boolean[];
}

const left = (label: string): Head => ({ label, align: 'left' });
const right = (label: string): Head => ({ label, align: 'right' });

/** All tables that have something to tell. */
export function adviceTables({ advice, loads }: AdviceDocument): AdviceTable[] {
  const movable = advice.steps.filter((step) => step.loads.length > 0);
  const level = right(loads.every(({ model }) => model === 'closed') ? 'users' : 'rate');
  const tables = [stepsTable(advice.steps), replyTable(movable, level), eventsTable(movable, level), arrangements(advice, level)];
  return tables.filter(({ rows }) => rows.length > 0);
}

const VERDICTS: Record<StepAdvice['verdict'], string> = {
  move: 'move',
  'with-workers': 'move, with more workers at the peak',
  'only-with-workers': 'only with more workers',
  keep: 'leave it: it gains too little',
};

function stepsTable(steps: readonly StepAdvice[]): AdviceTable {
  const rows = steps.map((step) => [oneLine(step.step), ...mayMove(step)]);
  return { title: 'Steps', head: [left('step'), left('may it move?'), right('saves'), left('advice')], rows, starts: rows.map((_, i) => i === 0) };
}

function mayMove({ hindrance, gain, verdict }: StepAdvice): string[] {
  if (!hindrance) return ['yes', formatShare(Math.max(0, gain)), VERDICTS[verdict]];
  const why = hindrance.kind === 'critical' ? 'no: the reply needs it' : `no: ${oneLine(hindrance.by ?? '')} needs it`;
  return [why, ABSENT, 'leave it in the request'];
}

/** What the caller sees of each step moved alone. */
function replyTable(steps: readonly StepAdvice[], level: Head): AdviceTable {
  const head = [left('moved'), level, right('p50 before'), right('after'), right('saves'), right('failed before'), right('after')];
  return tableOf('The reply, when one step moves', [...head, left('next limit')], steps, ({ load, gain, bottleneck }) => [
    levelOf(load),
    formatTime(gain.before),
    formatTime(gain.after),
    formatShare(Math.max(0, gain.share)),
    formatShare(gain.failuresBefore),
    formatShare(gain.failuresAfter),
    bottleneck === null ? ABSENT : oneLine(bottleneck),
  ]);
}

/** What its consumer has to do. */
function eventsTable(steps: readonly StepAdvice[], level: Head): AdviceTable {
  const head = [left('moved'), level, right('events/s'), right('has'), right('needs'), right('to drain')];
  const more = [right('lag p95'), right('stale p95'), right('at risk')];
  return tableOf('Its consumer: workers, delay, and what would be lost', [...head, ...more], steps, (at, { workers }) => [
    levelOf(at.load),
    formatRate(at.arrivalRate),
    workers === null ? 'any' : formatCount(workers),
    formatCount(at.workersNeeded),
    formatCount(at.workersToDrain),
    delay(at, at.lag),
    delay(at, at.staleness),
    formatCount(at.atRisk),
  ]);
}

function tableOf(
  title: string,
  head: AdviceTable['head'],
  steps: readonly StepAdvice[],
  cells: (at: MoveAtLoad, step: StepAdvice) => string[],
): AdviceTable {
  const rows = steps.flatMap((step) => step.loads.map((at, i) => [i === 0 ? oneLine(step.step) : '', ...cells(at, step)]));
  return { title, head, rows, starts: rows.map(([name]) => name !== '') };
}

/** The level of a load, under the word for it; of one that changes, the highest. */
function levelOf(load: TrialLoad): string {
  const level = load.model === 'closed' ? formatCount(load.users) : `${formatRate(load.rate)}/s`;
  return load.ramp ? `to ${level}` : level;
}

/** A time that may be known only to be at least that long. */
function delay({ unfinished }: MoveAtLoad, ms: number | null): string {
  return ms === null ? ABSENT : (unfinished ? AT_LEAST : '') + formatTime(ms);
}

/** The order of moves, and what needs no event at all. */
function arrangements({ path, parallel, moved }: Advice, level: Head): AdviceTable {
  const head = [left('arrangement'), level, right('p50'), right('saves'), right('failed')];
  const steps = path.map(({ step, loads }, i) => ({ name: `${i + 1}. ${i === 0 ? '' : 'then '}${oneLine(step)} moved`, loads }));
  const isMore = moved.some(({ gain }, i) => gain.share > (path.at(-1)?.loads[i]?.gain.share ?? 0) + 1e-9);
  const all = isMore ? [{ name: 'all that may move', loads: moved }] : [];
  const rows = [{ name: 'in parallel, no event', loads: parallel }, ...steps, ...all].flatMap(({ name, loads }) =>
    loads.map((at, i) => [i === 0 ? name : '', ...gainCells(at)]),
  );
  return { title: 'Order of moves, beside calling in parallel', head, rows, starts: rows.map(([name]) => name !== '') };
}

function gainCells({ load, gain }: GainAtLoad): string[] {
  return [levelOf(load), formatTime(gain.after), formatShare(Math.max(0, gain.share)), formatShare(gain.failuresAfter)];
}

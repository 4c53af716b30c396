/** The tables of advice, said once: the terminal and Markdown draw the same cells. */
import type { AdviceDocument } from '../../advice/document.js';
import { isPlainParallel } from '../../advice/decision.js';
import type { Goals } from '../../advice/goals.js';
import type { MoveAtLoad, StepAdvice } from '../../advice/grounds.js';
import type { Hindrance } from '../../advice/moves.js';
import type { Option } from '../../advice/option.js';
import type { Outlook } from '../../advice/outlook.js';
import type { TrialLoad } from '../../measurement/record.js';
import { AT_LEAST } from '../cells.js';
import { upTo } from '../clause.js';
import type { Column } from '../columns.js';
import { ABSENT, formatCount, formatList, formatRate, formatShare, formatTime, oneLine, plural } from '../format.js';
import { GOALS, isWorse, optionName } from './words.js';

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

/** All tables that have something to tell: the options first, as they decide. */
export function adviceTables(document: AdviceDocument): AdviceTable[] {
  const { advice, loads } = document;
  const movable = advice.steps.filter((step) => step.loads.length > 0);
  const level = right(loads.every(({ model }) => model === 'closed') ? 'users' : 'rate');
  const tables = [optionsTable(document), stepsTable(advice.steps), replyTable(movable, level), eventsTable(movable, document)];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** What was simulated at the same orders; the one that is advised is marked. */
function optionsTable(document: AdviceDocument): AdviceTable {
  const { advice, scenario, goals } = document;
  const isUndone = advice.options.some(({ caught }) => caught.length > 0);
  const rows = advice.options.flatMap((option, position) =>
    option.loads.map((outlook, i) => [i === 0 ? `${position === advice.chosen ? '> ' : ''}${optionName(option)}` : '', ...outlookCells(outlook, isUndone), workersCell(option, i), i === 0 ? goalsCell(option, goals) : '']),
  );
  return tableOf(`Options, at the same orders${whoseOrders(document)}; done: p95 of the whole work`, optionsHead(scenario.noun, isUndone), rows);
}

/** The chain as it is is simulated with its users, who wait for it; what they make of orders is what all others are given. */
function whoseOrders({ loads }: AdviceDocument): string {
  return loads.some(({ model }) => model === 'closed') ? ' (as it is: of its users, who wait)' : '';
}

/** Options on a page. */
const FEW = 8;

/** The options that say most, each at its worst load, with the workers that it takes at any: the one advised, the chain as it is, side by side, then those that miss least. */
export function worstTable(document: AdviceDocument): AdviceTable {
  const { advice, scenario, goals } = document;
  const { options, chosen } = advice;
  const isUndone = options.some(({ caught }) => caught.length > 0);
  const rank = (option: Option): number => (option === options[chosen] ? -3 : option.kind === 'stay' ? -2 : isPlainParallel(option) ? -1 : option.missed.length);
  const few = new Set(options.toSorted((a, b) => rank(a) - rank(b)).slice(0, FEW));
  const shown = options.filter((option) => few.has(option));
  const others = options.length - shown.length;
  const rows = shown.map((option) => {
    const worst = option.loads.reduce((most, outlook, i) => (isWorse(outlook, option.loads[most]) ? i : most), 0);
    const outlook = option.loads[worst];
    return [`${option === options[chosen] ? '> ' : ''}${optionName(option)}`, ...(outlook ? outlookCells(outlook, isUndone) : []), workersCell(option), goalsCell(option, goals)];
  });
  const more = others > 0 ? ` (${formatCount(others)} more ${others === 1 ? 'was' : 'were'} tried)` : '';
  return tableOf(`At the same orders${whoseOrders(document)}, each at its worst load${more}; done: p95 of the whole work.`, optionsHead(scenario.noun, isUndone), rows);
}

function optionsHead(noun: string, isUndone: boolean): Head[] {
  const head = [left('option'), right(`${plural(oneLine(noun))}/s`), right('p95'), right('failed'), ...(isUndone ? [right('undone')] : []), right('later'), right('done')];
  return [...head, left('workers'), left('missed')];
}

function outlookCells({ orders, p95, isLonger, failureRate, undone, failedLater, completionP95, unfinished, load }: Outlook, isUndone: boolean): string[] {
  const complete = completionP95 === null ? ABSENT : (unfinished ? AT_LEAST : '') + formatTime(completionP95);
  const level = (load.ramp ? 'to ' : '') + formatRate(orders);
  return [level, (isLonger ? AT_LEAST : '') + formatTime(p95), formatShare(failureRate), ...(isUndone ? [formatShare(undone)] : []), completionP95 === null ? ABSENT : formatShare(failedLater), complete];
}

/** Workers of consumers that need more than they have, at a load; at any of them without one. */
function workersCell({ workers }: Option, load?: number): string {
  const most = workers.map(({ consumer, has, needs }) => ({ consumer, has, count: Math.max(0, ...needs.map((count, i) => (load === undefined || i === load ? (count ?? 0) : 0))) }));
  return most.flatMap(({ consumer, has, count }) => (has !== null && count > has ? [`${oneLine(consumer)} ${formatCount(count)}`] : [])).join(', ');
}

/** Work may be done in time in the window, and later and later with every minute. */
function goalsCell({ missed, loads }: Option, { within }: Goals): string {
  const isInTime = loads.every(({ completionP95, unfinished }) => !unfinished && (completionP95 ?? 0) <= within);
  const late = isInTime && loads.some(({ growing }) => growing.length > 0) ? 'backlog' : GOALS.within;
  return missed.length === 0 ? 'none' : missed.map((goal) => (goal === 'within' ? late : GOALS[goal])).join(', ');
}

const VERDICTS: Record<StepAdvice['verdict'], string> = {
  move: 'it can move',
  'with-workers': 'it can move, with more workers',
  'only-with-workers': 'only with more workers',
  'too-late': 'leave it: its work dies, or is late',
  keep: 'leave it: it gains too little',
};

function stepsTable(steps: readonly StepAdvice[]): AdviceTable {
  const rows = steps.map((step) => [oneLine(step.step), ...mayMove(step)]);
  return { ...tableOf('Steps', [left('step'), left('may it move?'), right('saves'), left('advice')], rows), starts: rows.map((_, i) => i === 0) };
}

/** Why a step has to stay. @param by the critical step that needs it */
const HINDRANCES: Record<Hindrance['kind'], (by: string) => string> = {
  critical: () => 'no: the reply needs it',
  awaited: () => 'no: the reply waits for it',
  needed: (by) => `no: ${by} needs it`,
};

function mayMove({ hindrance, gain, verdict, with: others }: StepAdvice): string[] {
  const together = others.length === 0 ? 'yes' : `yes, with ${oneLine(formatList(others))}`;
  if (!hindrance) return [together, formatShare(Math.max(0, gain)), VERDICTS[verdict]];
  return [HINDRANCES[hindrance.kind](oneLine(hindrance.by ?? '')), ABSENT, 'leave it in the request'];
}

/** What the caller sees of each step moved alone, at the loads of the scenario. */
function replyTable(steps: readonly StepAdvice[], level: Head): AdviceTable {
  const head = [left('moved'), level, right('p50 before'), right('after'), right('saves'), right('failed before'), right('after'), left('next limit')];
  const rows = rowsOf(steps, ({ load, gain, bottleneck }) => [
    levelOf(load),
    formatTime(gain.before),
    formatTime(gain.after),
    formatShare(Math.max(0, gain.share)),
    formatShare(gain.failuresBefore),
    formatShare(gain.failuresAfter),
    bottleneck === null ? ABSENT : oneLine(bottleneck),
  ]);
  return tableOf(`The reply, when one step moves: at the same ${level.label === 'users' ? 'users, who ask again when answered' : 'rate'}`, head, rows);
}

/** What its consumer has to do, at the same orders. */
function eventsTable(steps: readonly StepAdvice[], { scenario, loads }: AdviceDocument): AdviceTable {
  const isPeak = loads.some(({ ramp }) => ramp !== undefined);
  const head = [left('moved'), right(`${plural(oneLine(scenario.noun))}/s`), right('events/s'), right('has'), right('needs')];
  const more = [...(isPeak ? [right('worked off in')] : []), right('lag'), right('stale'), right('fail later'), right('at risk')];
  const rows = rowsOf(steps, (at, { workers, scales }) => [
    formatRate(at.orders),
    formatRate(at.arrivalRate),
    workers === null ? 'any' : upTo(scales) + formatCount(workers),
    formatCount(at.workersNeeded),
    ...(isPeak ? [formatTime(at.drainSeconds === null ? null : at.drainSeconds * 1000)] : []),
    delay(at, at.lag),
    delay(at, at.staleness),
    formatShare(at.failedLater),
    formatCount(at.atRisk),
  ]);
  return tableOf('Its consumer: workers, delay (p95), and what would be lost', [...head, ...more], rows);
}

function rowsOf(steps: readonly StepAdvice[], cells: (at: MoveAtLoad, step: StepAdvice) => string[]): string[][] {
  return steps.flatMap((step) => step.loads.map((at, i) => [i === 0 ? oneLine(step.step) : '', ...cells(at, step)]));
}

function tableOf(title: string, head: Head[], rows: string[][]): AdviceTable {
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

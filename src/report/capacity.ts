/** What a search for capacity has found: the answer for each subject, and the probes it rests on. */
import { isMeasured } from '../advice/rounds.js';
import { sameLoad } from '../measurement/loads.js';
import { knownFailureRate } from '../measurement/outcomes.js';
import type { CapacityAnswer, CapacityLimit, CapacityProbe, RunRecord, Trial } from '../measurement/record.js';
import { nounOfRequest } from '../scenarios/noun.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Screen } from './screen.js';
import { checks } from './terminal-results.js';
import { styleOf } from './terminal-style.js';
import { formatBus, formatCount, formatHop, formatLoad, formatRate, formatShare, formatTime, oneLine, plural, ABSENT } from './format.js';

const LIMITS: Record<CapacityLimit, string> = {
  p95: 'p95',
  failureRate: 'failures',
  backlogGrowth: 'a growing backlog',
  throughput: 'the rate is not kept up',
};

/** The report as plain text. Ends with a line break. */
export function capacityReport(
  { scenario, trials, plan, checks: asked }: Pick<RunRecord, 'scenario' | 'trials' | 'plan' | 'checks'>,
  answers: readonly CapacityAnswer[],
  screen: Screen,
): string {
  const sections = [
    oneLine(`${scenario.name}: ${scenario.title}`) + (trials.some(({ state }) => state === 'simulated') ? '\nSimulated, not measured.' : '') + (plan.bus?.times ? `\n${formatBus(plan.bus)}` : '') + hopLine(plan),
    ...answers.map((answer) => [...answerLines(answer, scenario), '', ...probeTable(answer, trials)].join('\n')),
    ...(asked.length > 0 ? [checks({ checks: asked }, styleOf(screen))] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function hopLine({ hop }: RunRecord['plan']): string {
  const words = formatHop(hop);
  return words === null ? '' : `\nMeasured with ${words}.`;
}

/** The answer, why it ends there, and what it was measured against. */
function answerLines(answer: CapacityAnswer, scenario: Scenario): string[] {
  const { architecture, knee, unloaded, limits } = answer;
  return [
    `${oneLine(architecture)} ${amountOf(answer, scenario)}`,
    `  ${endOf(answer)}`,
    ...(knee === null ? [] : [`  from about ${formatCount(knee)} users on, more of them only wait longer`]),
    `  limits: p95 ${formatTime(limits.p95)} (unloaded ${formatTime(unloaded)}), failures ${formatShare(limits.failureRate)}` +
      `, backlog growing by ${formatShare(limits.backlogGrowth)} of what arrives`,
  ];
}

/** Orders a second first: users are so many only with the pause that they make. */
function amountOf({ model, most, end, perSecond }: CapacityAnswer, scenario: Scenario): string {
  if (most === 0 && end !== 'limit') return 'is not known to carry any load';
  const atLeast = end === 'limit' ? '' : 'at least ';
  const level = formatLoad(model === 'closed' ? { model, users: most } : { model, rate: most });
  if (model === 'open' || perSecond == null) return `carries ${atLeast}${level}`;
  const pause = scenario.load.think > 0 ? `who pause ${formatTime(scenario.load.think)} in between` : 'who ask again at once';
  return `carries ${atLeast}${formatRate(perSecond)} ${plural(nounOfRequest(scenario))} a second: ${level} ${pause}`;
}

function endOf({ end, limit, step, beyond, reason = '' }: CapacityAnswer): string {
  if (end === 'interrupted') return beyond === null ? 'the search was interrupted' : `the search was interrupted; ${formatCount(beyond)} are too many`;
  if (end === 'machine') return `beyond that the machine is the limit: ${oneLine(reason)}`;
  if (end === 'unknown') return `beyond that it is not known: ${oneLine(reason)}`;
  if (end === 'asked' || limit === null) return 'as far as was asked; nothing has limited it yet';
  return `limit at ${formatCount(beyond)}: ${LIMITS[limit]}${step === null ? '' : `, by ${oneLine(step)}`}`;
}

const HEAD = ['load', 'round', 'p95', 'failed', 'ok/s', 'result'];

function probeTable(answer: CapacityAnswer, trials: readonly Trial[]): string[] {
  const rows = answer.probes.map((probe) => cellsOf(answer.architecture, probe, trials));
  const widths = HEAD.map((label, i) => Math.max(label.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [HEAD, ...rows].map((row) => `  ${row.map((cell, i) => align(cell, widths[i] ?? 0, i)).join('  ')}`.trimEnd());
}

/** Numbers to the right, the words at the end to the left. */
function align(cell: string, width: number, column: number): string {
  return column === HEAD.length - 1 ? cell : cell.padStart(width);
}

function cellsOf(architecture: string, probe: CapacityProbe, trials: readonly Trial[]): string[] {
  // One user alone was measured before, under the same name: the last trial is that of the probe.
  const trial = trials.findLast(
    (it) => it.architecture === architecture && it.round === probe.round && sameLoad(it.load, probe.load),
  );
  const numbers =
    trial && isMeasured(trial)
      ? [formatTime(trial.responseTime.p95), formatShare(knownFailureRate(trial)), formatRate(trial.throughput)]
      : [ABSENT, ABSENT, ABSENT];
  return [formatLoad(probe.load), String(probe.round), ...numbers, resultOf(probe)];
}

/** One line about a probe, for the progress of a search. */
export function probeLine(architecture: string, probe: CapacityProbe, trial: Trial): string {
  const p95 = isMeasured(trial) ? `p95 ${formatTime(trial.responseTime.p95)}, failed ${formatShare(knownFailureRate(trial))}` : trial.message;
  return oneLine(`${architecture} at ${formatLoad(probe.load)}: ${resultOf(probe)} (${p95})`);
}

/** One line about the beginning of a search. @param isPredicted by the model, for this machine */
export function unloadedLine(architecture: string, p95: number, isPredicted: boolean): string {
  return oneLine(`${architecture} with one user alone: p95 ${formatTime(p95)}${isPredicted ? ', predicted for this machine' : ''}`);
}

function resultOf({ passed, known, reason }: CapacityProbe): string {
  if (!known) return `not known${reason === undefined ? '' : `: ${oneLine(reason)}`}`;
  return passed === null ? 'carried' : `not carried: ${LIMITS[passed]}`;
}

/** What commands print on standard output. */
import { BUSES } from '../events/buses.js';
import type { PairPlan } from '../experiment/paired.js';
import type { Plan } from '../experiment/plan.js';
import { busOf } from '../experiment/record.js';
import type { RunRecord } from '../measurement/record.js';
import { formatDuration } from '../base/units.js';
import { formatBus, formatHop, formatLoad } from '../report/format.js';
import { screenOf, type Screen } from '../report/screen.js';
import { terminalReport } from '../report/terminal.js';
import type { TwoRuns } from '../report/two-runs.js';
import { twoRunsTerminal } from '../report/two-runs-terminal.js';
import { publishesEvents } from '../scenarios/architectures.js';
import type { ClientRetries } from '../scenarios/load.js';
import { isTarget } from '../scenarios/subject.js';
import { PAIRED_RULES } from '../verdict/pairs/sequential.js';
import type { Io } from './io.js';

/** The screen that stdout is; without colours when none are wanted. */
export function screenFor({ color }: { color: boolean }, io: Io): Screen {
  return screenOf(io.stdout, color ? io.env : { ...io.env, NO_COLOR: '1', FORCE_COLOR: undefined });
}

/** Prints the report for the screen that stdout is. */
export function printReport(record: RunRecord, options: { color: boolean }, io: Io): void {
  io.stdout.write(terminalReport(record, screenFor(options, io)));
}

/** The same for two runs side by side. */
export function printTwoRuns(runs: TwoRuns, options: { color: boolean }, io: Io): void {
  io.stdout.write(twoRunsTerminal(runs, screenFor(options, io)));
}

/** Prints what would be compared. */
export function printPairs(plans: readonly PairPlan[], io: Io): void {
  for (const { base, head, load, drain, timeout, retries, bus, hop } of plans) {
    const parts = [
      `${head.name} against ${base.name} at ${formatLoad(load)}`,
      `in pairs of blocks, ${PAIRED_RULES.looks[0]?.pairs} to ${PAIRED_RULES.looks.at(-1)?.pairs}`,
      clientWords(timeout, retries),
      `drain at most ${formatDuration(drain)}`,
    ];
    const isArranged = [base, head].some((side) => !isTarget(side) && publishesEvents(side.architecture));
    const about = [isArranged ? formatBus({ name: bus.name, publish: bus.publish, private: BUSES[bus.name].at === 'broker' ? bus.url === null : null }) : null, formatHop(hop)];
    io.stdout.write(`${[...parts, ...about.filter((words) => words !== null)].join(', ')}\n`);
  }
}

function clientWords(timeout: number, retries: ClientRetries | undefined): string {
  const again = retries ? `, ${retries.attempts} attempts after ${retries.on.join(', ')}, ${formatDuration(retries.backoff)} apart at first` : '';
  return `client timeout ${formatDuration(timeout)}${again}`;
}

/** Prints what would be run. */
export function printPlan(plan: Plan, io: Io): void {
  const lines = plan.trials.map(({ architecture, load, round, warmup, duration, until, drain, timeout, retries }, position) => {
    const parts = [
      `round ${round}`,
      `${architecture} at ${formatLoad(load)}`,
      `warm-up ${formatDuration(warmup)}`,
      `window ${until?.early ? `${formatDuration(until.early.shortest)} to ` : ''}${formatDuration(duration)}`,
      clientWords(timeout, retries),
      ...(drain > 0 ? [`drain at most ${formatDuration(drain)}`] : []),
    ];
    return `${String(position + 1).padStart(3)}  ${parts.join(', ')}\n`;
  });
  const { bus } = busOf(plan);
  const remarks = bus ? BUSES[plan.trials[0]?.bus.name ?? 'memory'].capabilities.remarks : [];
  const about = [bus ? formatBus(bus) : null, ...remarks.map((remark) => `  - ${remark}`), formatHop(plan.hop)].filter((words) => words !== null);
  io.stdout.write(`${lines.join('')}${about.map((words) => `     ${words}\n`).join('')}${plan.trials.length} trials, about ${plan.estimatedSeconds} s\n`);
}

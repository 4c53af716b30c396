/** What `--dry-run` prints: what would be measured, and how long it takes. No report is loaded for it. */
import { formatDuration } from '../base/units.js';
import { BUSES } from '../events/buses.js';
import type { PairPlan } from '../experiment/paired.js';
import { busOf, type Plan } from '../experiment/plan.js';
import { formatBus, formatHop, formatLoad } from '../report/format.js';
import { publishesEvents } from '../scenarios/architectures.js';
import type { ClientRetries } from '../scenarios/load.js';
import { isTarget } from '../scenarios/subject.js';
import { PAIRED_RULES } from '../verdict/pairs/sequential.js';
import type { Io } from './io.js';

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

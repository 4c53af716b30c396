/** Why a subject answers late or fails, in words. */
import type { Finding } from '../measurement/record.js';
import { at, atLoads, FAILURES } from './clause.js';
import { formatCount, formatList, formatRate } from './format.js';

/** The step that limits the subject at the highest load, at every load at which it does. */
export function tellBottleneck(findings: Finding[], last: Finding): string {
  const { workers = 0, capacity = 0, workersNeeded = 0 } = last.numbers;
  const told = findings.filter(({ names }) => names.step === last.names.step);
  const limit =
    `${last.names.step} limits ${last.architecture}: its ${formatCount(workers)} workers serve ` +
    `${formatRate(capacity)} a second`;
  const asked = formatList(told.map((finding) => `${formatRate(finding.numbers.demand ?? 0)} ${at(finding)}`));
  if (workersNeeded <= workers) return `${limit}, and the load of ${asked} keeps them busy`;
  const needed = formatList(told.map((finding) => formatCount(finding.numbers.workersNeeded ?? 0)));
  return `${limit}, the load would take ${asked}; ${needed} workers would keep up`;
}

export function tellFailures(findings: Finding[], { architecture, numbers, names }: Finding): string {
  const most = `${formatCount(numbers.failed ?? 0)} ${FAILURES[names.how ?? ''] ?? 'failures'}`;
  return `${architecture} fails at ${names.step} ${atLoads(findings)}: ${most}`;
}

export function tellOrphaned(_: Finding[], last: Finding): string {
  const count = formatCount(last.numbers.orphaned ?? 0);
  return `${at(last)} ${count} orders were told "failed" although ${last.names.step} had succeeded`;
}

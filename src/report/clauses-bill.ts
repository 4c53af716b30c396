/** What the event side costs, in words. */
import type { Found } from '../measurement/finding.js';
import { at, failuresWords, thereAre } from './clause.js';
import { formatCount, formatCounted, formatList, formatRate, formatTime } from './format.js';

/** The backlog that grows fastest at the highest load, in full; the others by name. */
export function tellBacklog(findings: Found<'backlog-grows'>[], last: Found<'backlog-grows'>): string {
  const atLast = findings.filter(({ load }) => JSON.stringify(load) === JSON.stringify(last.load));
  const [worst = last] = atLast.toSorted((a, b) => b.numbers.slope - a.numbers.slope);
  const told = findings.filter(({ names }) => names.consumer === worst.names.consumer);
  const growth = told.map((finding) => `${formatRate(finding.numbers.slope)} a second ${at(finding)}`);
  const clauses = [
    `the price of ${worst.architecture} is waiting work: the ${worst.names.consumer} backlog grows by ${formatList(growth)}`,
    ...workersOf(told),
    drainOf(worst),
  ];
  return `${clauses.join('; ')}${othersOf(findings, worst)}`;
}

/** Of a consumer that calls a service of another name, the workers are those of the service. */
function workersOf(told: Found<'backlog-grows'>[]): string[] {
  const limited = told.findLast(({ names }) => names.limit !== undefined);
  if (limited) return [`${limited.names.limit === 'service' ? `the rate of ${limited.names.service}` : 'its own rate'} lets ${formatRate(limited.numbers.rate ?? 0)} calls a second through, however many workers there are`];
  const short = told.filter(({ numbers }) => numbers.workersNeeded !== undefined);
  const last = short.at(-1);
  if (!last) return [];
  const { numbers: { workers, scales }, names: { consumer, service, shared } } = last;
  const needed = short.map(({ numbers }) => numbers.workersNeeded ?? 0);
  const unit = needed.length === 1 && needed[0] === 1 ? 'worker' : 'workers';
  const whose = shared || (service && service !== consumer) ? `${service} ${unit}` : unit;
  const where = short.length < told.length ? ` ${formatList(short.map(at))}` : '';
  const has = workers === undefined ? '' : `, ${thereAre(workers, scales)}`;
  return [`${formatList(needed.map(formatCount))} ${whose} would keep up${where}${has}`];
}

function drainOf({ numbers: { drainSeconds } }: Found<'backlog-grows'>): string {
  if (drainSeconds === undefined) return 'what waits in the end is never done at this rate';
  return `what waits in the end takes ${formatTime(drainSeconds * 1000)} to drain`;
}

function othersOf(findings: Found<'backlog-grows'>[], worst: Found<'backlog-grows'>): string {
  const others = new Set(findings.map(({ names }) => names.consumer));
  others.delete(worst.names.consumer);
  if (others.size === 0) return '';
  const names = formatList([...others]);
  return others.size === 1 ? `; the backlog of ${names} grows too` : `; the backlogs of ${names} grow too`;
}

export function tellLost(_: Found<'lost'>[], last: Found<'lost'>): string {
  const { lost, acknowledged } = last.numbers;
  const counts = `${formatCount(lost)} of ${formatCount(acknowledged)} acknowledged events`;
  const faults = last.names.faults ? `, where this was done to it: ${last.names.faults}` : '';
  return `${last.architecture} lost ${counts} ${at(last)}${faults}`;
}

export function tellFailedLater(_: Found<'failed-later'>[], last: Found<'failed-later'>): string {
  const { failedLater, ok } = last.numbers;
  const { noun = 'order', consumer, how } = last.names;
  const counts = `${formatCount(failedLater)} of ${formatCounted(ok, noun)}`;
  const why = consumer === undefined ? '' : `: ${consumer} gave up${how === undefined ? '' : `, most of all for ${failuresWords(how)}`}`;
  return `${last.architecture} told ${counts} "ok" ${at(last)} whose work failed later${why}`;
}

export function tellKeepsUp(_: Found<'keeps-up'>[], last: Found<'keeps-up'>): string {
  const { lagP95, completionP95 } = last.numbers;
  const times = `p95 of the event lag ${formatTime(lagP95)}, of the completed ${last.names.noun ?? 'order'} ${formatTime(completionP95)}`;
  return `the consumers of ${last.architecture} keep up ${at(last)}: ${times}`;
}

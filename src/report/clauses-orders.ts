/** That closed loops took different numbers of orders, and what the same do, in words: two sentences. */
import type { Found } from '../measurement/finding.js';
import { at, thereAre } from './clause.js';
import { formatCounted, formatRate, formatShare, formatTime } from './format.js';

/** From this share of failures on, how soon the rest was answered is not the news. */
const MANY = 0.5;

export function tellSameOrders(_: Found<'same-orders'>[], finding: Found<'same-orders'>): string {
  const { architecture, numbers, names } = finding;
  const { orders, otherOrders, rate, time, otherTime, failureRate, otherFailureRate } = numbers;
  const taken = `${at(finding)} ${architecture} took ${formatRate(orders)} orders a second and ${names.than} ${formatRate(otherOrders)}`;
  const same = `At the same ${formatRate(rate)} a second ${architecture} ${reply(time, failureRate)}, and ${names.than} ${reply(otherTime, otherFailureRate)}`;
  return `${taken}, because users order again as soon as they are answered. ${same}${waiting(finding)}`;
}

function reply(time: number | undefined, failureRate: number): string {
  const failed = failureRate > 0 ? `fails ${formatShare(failureRate)}` : '';
  if (time === undefined || failureRate >= MANY) return failed === '' ? 'answers nothing' : failed;
  return `answers in ${formatTime(time)}${failed === '' ? '' : ` and ${failed}`}`;
}

function waiting({ architecture, numbers: { slope, workers, workersNeeded, scales }, names: { consumer } }: Found<'same-orders'>): string {
  if (slope === undefined) return '';
  const has = workers === undefined ? '' : `, ${thereAre(workers, scales)}`;
  const needed = workersNeeded === undefined ? '' : `; ${formatCounted(workersNeeded, 'worker')} would keep up${has}`;
  return `; the ${consumer} backlog of ${architecture} grows by ${formatRate(slope)} a second${needed}`;
}

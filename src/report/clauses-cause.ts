/** Why a subject answers late or fails, in words. */
import type { Found } from '../measurement/finding.js';
import { at, countedFailures, upTo } from './clause.js';
import { formatCount, formatCounted, formatFactor, formatList, formatLoad, formatRate, formatShare, formatTime } from './format.js';

/** Critical steps that are told by name. */
const MOST_NAMED = 3;

/** The step that limits the subject at the highest load, at every load at which it does. */
export function tellBottleneck(findings: Found<'bottleneck'>[], last: Found<'bottleneck'>): string {
  const { workers, scales, capacity, workersNeeded, utilisation, work, service } = last.numbers;
  // At other loads it may be busy, and have enough.
  const told = findings.filter(({ names, numbers }) => names.step === last.names.step && (numbers.workersNeeded > numbers.workers || workersNeeded <= workers));
  const limit =
    `${last.names.step} limits ${last.architecture}: ${whose(last.names)} ${upTo(scales)}${formatCounted(workers, 'worker')} ${workers === 1 ? 'serves' : 'serve'} ` +
    `${formatRate(capacity)} a second${Math.abs(work / service - 1) > 0.01 ? ` (${callsWords(work / service)} each)` : ''}`;
  const asked = formatList(told.map((finding) => `${formatRate(finding.numbers.demand)} ${at(finding)}`));
  if (workersNeeded <= workers) return `${limit}, and ${workers === 1 ? 'it is' : 'they are'} ${formatShare(utilisation)} busy ${at(last)}`;
  const needed = told.map((finding) => finding.numbers.workersNeeded);
  const unit = needed.length === 1 && needed[0] === 1 ? 'worker' : 'workers';
  return `${limit}, the load would take ${asked}; ${formatList(needed.map(formatCount))} ${unit} would keep up`;
}

/** Of a step that few of the requests make, two digits: `0.05 calls`; close to one call, what is told of it is what is beyond: `1.02 calls`. */
function callsWords(each: number): string {
  const told = each < 1 ? Number(each.toPrecision(2)) : each < 1.1 ? Number(each.toPrecision(3)) : formatRate(each);
  return `${told} ${String(told) === '1' ? 'call' : 'calls'}`;
}

/** Who waits for workers to start at the highest load at which anybody does. */
export function tellColdStarts(_: Found<'cold-starts'>[], last: Found<'cold-starts'>): string {
  const { numbers: { coldStarts, start, wait, p95 }, names: { step, service } } = last;
  const where = service === step ? step : `${step} (${service})`;
  return (
    `the start of workers makes ${last.architecture} slow: ${at(last)} p95 of the wait at ${where} is ${formatTime(wait)}, of the reply ${formatTime(p95)}; ` +
    `${formatCounted(coldStarts, 'call')} of ${service} ${coldStarts === 1 ? 'was' : 'were'} the first of a worker, which takes ${formatTime(start)} to start`
  );
}

/** The pool that makes calls wait at the highest load, at every load at which it does. */
export function tellPool(findings: Found<'pool'>[], last: Found<'pool'>): string {
  const { connections, capacity, wait } = last.numbers;
  const told = findings.filter(({ names }) => names.pool === last.names.pool);
  const { pool, steps } = last.names;
  const asked = formatList(told.map((finding) => `${formatRate(finding.numbers.demand)} ${at(finding)}`));
  const needed = formatList(told.map((finding) => formatCount(finding.numbers.needed)));
  return (
    `the pool ${pool} limits ${last.architecture}: calls of ${formatList(steps.split(', '))} wait ${formatTime(wait)} on average for one of its ` +
    `${formatCounted(connections, 'connection')}, which ${connections === 1 ? 'carries' : 'carry'} ${formatRate(capacity)} a second; the load would take ${asked}, and ${needed} connections`
  );
}

/** The rate that lets fewest requests through at the highest load, at every load at which it does: no number of workers would let more. */
export function tellRateLimit(findings: Found<'rate-limit'>[], last: Found<'rate-limit'>): string {
  const told = findings.filter(({ names }) => names.step === last.names.step && names.limit === last.names.limit);
  const { numbers: { rate, capacity, perRequest }, names } = last;
  const isRefused = names.limit === 'service';
  const calls = Math.abs(perRequest - 1) > 0.01 ? ` (${callsWords(rate)}, ${Number(perRequest.toPrecision(2))} each)` : '';
  const asked = formatList(told.map((finding) => `${formatRate(finding.numbers.demand)} ${at(finding)}`));
  const felt = formatList(told.map(({ numbers: { refused, held } }) => formatCount(refused + held)));
  return (
    `${names.step} limits ${last.architecture}: ${isRefused ? `${whose(names)} rate lets` : 'the rate of its own calls lets'} ${formatRate(capacity)} a second through${calls}, ` +
    `the load would take ${asked}, and ${felt} calls were ${isRefused ? 'refused (429)' : 'held back'}`
  );
}

/** How often clients send a request that fails, at every load at which that multiplies them. */
export function tellClientRetries(findings: Found<'client-retries'>[], last: Found<'client-retries'>): string {
  const { architecture, load, numbers: { share, starts } } = last;
  const times = formatList(findings.map((finding) => `${formatFactor(finding.numbers.perRequest)} attempts a request ${at(finding)}`));
  const from = starts === undefined || !load ? '' : `, and it starts at ${formatLoad(load.model === 'closed' ? { model: 'closed', users: starts } : { model: 'open', rate: starts })}`;
  return `retries of the clients multiply the load of ${architecture}: ${times}; ${formatShare(share)} of what it is sent ${at(last)} are retries${from}`;
}

/** Each load with its own step and count. */
export function tellFailures(findings: Found<'failures'>[], { architecture }: Found<'failures'>): string {
  const clauses = findings.map((finding) => `at ${finding.names.group ?? finding.names.step} ${at(finding)}: ${finding.names.group === undefined ? failuresOf(finding) : tooFewOf(finding)}`);
  return `${architecture} fails ${clauses.join(', ')}`;
}

/** `fewer than 2 of its 3 steps were done within 1.00 s`: any one of them may have failed in vain. */
function tooFewOf({ numbers: { need = 1, of = 1, within } }: Found<'failures'>): string {
  const few = need === 1 ? `none of its ${of} steps was` : `fewer than ${need} of its ${of} steps were`;
  return `${few} done${within === undefined ? '' : ` within ${formatTime(within)}`}`;
}

/** `90 timeouts` where there was nothing else, or `90 runs of it, 80 of them timeouts`. Retries make more calls fail than runs. */
function failuresOf({ numbers: { failed, most }, names: { how } }: Found<'failures'>): string {
  if (most >= failed) return countedFailures(failed, how);
  const told = countedFailures(most, how);
  return `${formatCounted(failed, 'run')} of it, ${most === 1 ? `${told} among them` : told.replace(' ', ' of them ')}`;
}

export function tellOrphaned(_: Found<'orphaned'>[], last: Found<'orphaned'>): string {
  const { orphaned, critical } = last.numbers;
  const { noun, steps } = last.names;
  const which = critical === 1 ? steps : critical <= MOST_NAMED ? formatList(steps.split(', '), 'or') : 'a critical step';
  return `${last.architecture} told ${formatCounted(orphaned, noun)} "failed" ${at(last)} although ${which} had succeeded`;
}

/** Of a step that calls a service of another name, the workers are those of the service. */
function whose({ step, service }: Pick<Found<'bottleneck'>['names'], 'step' | 'service'>): string {
  return service !== step ? `${service}'s` : 'its';
}

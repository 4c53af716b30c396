/** What is advised, in words: a title, the decision, the paragraph for a decision record and its consequences. */
import type { AdviceDocument } from '../../advice/document.js';
import type { Decision } from '../../advice/decision.js';
import type { StepAdvice } from '../../advice/grounds.js';
import type { Advice } from '../../advice/steps.js';
import { formatDuration } from '../../base/units.js';
import { formatLoads } from '../clause.js';
import { formatCount, formatList, formatLoad, formatRate, formatShare, formatTime, oneLine } from '../format.js';

/** The decision as a title: what to do. */
export function decisionTitle({ decision }: Advice): string {
  switch (decision.kind) {
    case 'stay':
      return 'Stay with requests';
    case 'parallel':
      return 'Call steps in parallel, without events';
    case 'move':
      return oneLine(`Move ${decision.first} onto an event, first and alone`);
    case 'buy-workers':
      return oneLine(`Do not move ${decision.first} without ${formatCount(decision.workers)} workers`);
  }
}

/** The decision in one sentence, with its numbers. */
export function decisionSentence({ decision }: Advice): string {
  switch (decision.kind) {
    case 'stay':
      return `Stay with requests: ${whyStay(decision)}.`;
    case 'parallel':
      return (
        `Call what does not need each other side by side: it saves ${formatShare(decision.gain)} of the response time without any ` +
        `event, where moving what may move saves ${formatShare(Math.max(0, decision.eventsGain))}.`
      );
    case 'move': {
      const workers = decision.workers === null ? 'its consumer keeps up as it is' : `at the peak its consumer needs ${count(decision.workers)}`;
      return oneLine(`Move ${decision.first} first: alone it saves ${formatShare(decision.gain)} of the response time; ${workers}.`);
    }
    case 'buy-workers': {
      const has = decision.has === null ? '' : `, and has ${formatCount(decision.has)}`;
      return oneLine(
        `Moving ${decision.first} would save ${formatShare(decision.gain)} of the response time, and its events would never be ` +
          `worked off: its consumer needs ${count(decision.workers)}${has}. Do not move it, or buy them first.`,
      );
    }
  }
}

function count(workers: number): string {
  return workers === 1 ? '1 worker' : `${formatCount(workers)} workers`;
}

function whyStay(decision: Extract<Decision, { kind: 'stay' }>): string {
  if (decision.because === 'quick-enough') {
    return (
      `called in turn the chain answers within ${formatTime(decision.p95)} (p95) with ${formatShare(decision.failureRate)} failed, quick enough ` +
      `not to be noticed; events would save ${formatShare(Math.max(0, decision.gain))} of it`
    );
  }
  if (decision.because === 'nothing-to-move') return 'the reply needs every step, and nothing may move';
  return `no move saves as much as a tenth of the response time (all together ${formatShare(Math.max(0, decision.gain))})`;
}

/** One paragraph that can be pasted into a decision record. Plain text. */
export function paragraph(document: AdviceDocument): string {
  const { advice, scenario } = document;
  const loads = formatLoads(document.loads);
  const first = advice.steps.find(({ step }) => step === advice.order[0]);
  const isMove = advice.decision.kind === 'move' || advice.decision.kind === 'buy-workers';
  const sentences = [
    `For ${scenario.name} at ${loads}: ${decisionSentence(advice)}`,
    ...(isMove && first ? [replySentence(first), billSentence(first, document)] : []),
    ...(isMove ? nextSentences(advice) : []),
    ...staleSentences(advice),
    ...(advice.decision.kind === 'parallel' ? [] : [parallelSentence(advice)]),
    basisSentence(document),
  ];
  return oneLine(sentences.join(' '));
}

function replySentence({ step, loads }: StepAdvice): string {
  const last = loads.at(-1);
  if (!last) return '';
  const { load, gain, bottleneck } = last;
  const next = bottleneck === null ? '' : `; what limits the reply then is ${bottleneck}`;
  const failed = gain.failuresBefore > 0 ? `, failures from ${formatShare(gain.failuresBefore)} to ${formatShare(gain.failuresAfter)}` : '';
  return `With ${step} moved, p50 at ${formatLoad(load)} goes from ${formatTime(gain.before)} to ${formatTime(gain.after)}${failed}${next}.`;
}

/** How long was simulated. */
export function windowWords({ window, until }: AdviceDocument): string {
  const longer = until === null ? '' : `, and longer for the reply, until p95 and p99 are known to ${formatShare(until)}`;
  return `windows of ${formatDuration(window)}${longer}`;
}

function billSentence({ workers, loads }: StepAdvice, { drainWithin, window }: AdviceDocument): string {
  const peak = loads.toSorted((a, b) => b.workersNeeded - a.workersNeeded)[0];
  if (!peak) return '';
  const has = workers === null ? 'it has no limit' : `it has ${formatCount(workers)}`;
  return (
    `The bill: ${formatRate(peak.arrivalRate)} events a second at ${formatLoad(peak.load)} take ${count(peak.workersNeeded)} to keep up ` +
    `(${has}), or ${formatCount(peak.workersToDrain)} to be done ${formatDuration(drainWithin)} after a peak of ${formatDuration(window)}; the work is done ` +
    `${peak.unfinished ? 'at least ' : ''}${formatTime(peak.staleness)} after the reply (p95), and the work of up to ${formatCount(peak.atRisk)} orders is lost ` +
    'with the process unless the bus is durable.'
  );
}

function nextSentences({ order, path }: Advice): string[] {
  const [, ...more] = order;
  const last = path.at(-1)?.loads.at(-1);
  if (more.length === 0 || !last) return [];
  return [`Measure, and only then move ${formatList(more)}, which brings it to ${formatTime(last.gain.after)} at ${formatLoad(last.load)}.`];
}

/** Where something could be moved and should not, what moving it would make of the data. */
function staleSentences({ decision, cases }: Advice): string[] {
  const stale = cases.find(({ kind, state }) => kind === 'reads-own-write' && state === 'depends');
  const isQuick = decision.kind === 'stay' && decision.because === 'quick-enough';
  if (!stale || !isQuick) return [];
  return [`What ${stale.names.step} writes would be stale for ${formatTime(stale.numbers.staleness ?? 0)} (p95) after the reply.`];
}

function parallelSentence({ parallel }: Advice): string {
  const last = parallel.at(-1);
  if (!last) return '';
  const { gain, load } = last;
  const failed = gain.failuresAfter > 0 ? `, with ${formatShare(gain.failuresAfter)} failed` : '';
  return `Calling in parallel alone would save ${formatShare(Math.max(0, gain.share))} at ${formatLoad(load)}${failed}.`;
}

/** What all of this rests on: never to be mistaken for a measurement. */
export function basisSentence({ tool, seed, measured }: AdviceDocument): string {
  const basis = `Simulated by ${tool.name} ${tool.version}, seed ${seed}, not measured`;
  if (!measured) return `${basis}.`;
  const error = measured.errorPercent === null ? '' : `, at most ${measured.errorPercent.toFixed(1)} percent off`;
  return `${basis}; in ${measured.file} the model holds for ${measured.holds} of ${measured.trials} measured trials${error}.`;
}

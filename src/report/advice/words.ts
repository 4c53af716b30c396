/** What is advised, in words: a title, the decision, its promise, its bill, and what would change it. */
import type { AdviceDocument } from '../../advice/document.js';
import type { Caught, Change } from '../../advice/alternatives.js';
import { MOST, worstBad, type Decision } from '../../advice/decision.js';
import type { Goal } from '../../advice/goals.js';
import { isWorthIt, meanShare } from '../../advice/gain.js';
import type { Option } from '../../advice/option.js';
import type { Outlook } from '../../advice/outlook.js';
import type { Sensitivity } from '../../advice/sensitivity.js';
import type { Advice } from '../../advice/advise.js';
import type { WorkersAdvice } from '../../advice/workers.js';
import { formatDuration } from '../../base/units.js';
import { formatLoads, upTo } from '../clause.js';
import { MISSED } from '../clauses-answer.js';
import { formatBus, formatCount, formatCounted, formatFactor, formatList, formatLoad, formatRate, formatShare, formatTime, oneLine, plural } from '../format.js';

/** Goals by the words of tables. */
export const GOALS: Record<Goal, string> = { p95: 'p95', failures: 'failed', within: 'done' };

/** The decision as a title: what to do. */
export function decisionTitle({ decision, publishes }: Advice): string {
  switch (decision.kind) {
    case 'stay':
      return stayWords(publishes);
    case 'catch':
      return oneLine(capitalised(caughtWords(decision.caught)));
    case 'parallel':
      return oneLine(`Call steps in parallel${andCaught(decision.caught)}, without events`);
    case 'move':
      return oneLine(`Move ${formatList(decision.steps)} onto an event${withRest(decision) || (decision.steps.length === 1 ? ', first and alone' : '')}`);
    case 'buy-workers':
      return oneLine(`Do not move ${formatList(decision.steps)} without ${workersFor(decision.workers)}`);
  }
}

/** What is on events already is no request that one could stay with. */
function stayWords(publishes: Advice['publishes']): string {
  return publishes ? 'Leave it as it is' : 'Stay with requests';
}

/** What an option changes, in a few words. */
export function optionName({ moved, beside, caught }: Change): string {
  const rest = moved.length > 0 ? ', rest in parallel' : 'in parallel';
  const parts = [moved.length > 0 ? `${formatList(moved)} moved` : '', beside ? rest : ''].join('');
  const best = caught.map(({ step, timeout, isShorter }) => `${step} caught${isShorter ? ` (${formatDuration(timeout)})` : ''}`);
  return oneLine([parts, ...best].filter((part) => part !== '').join(', ') || 'as it is');
}

/** `catch the error of email and set a timeout of 600 ms`. */
function caughtWords(caught: readonly Caught[]): string {
  const shorter = caught.filter(({ isShorter }) => isShorter);
  const each = shorter.length === caught.length && caught.length === 1;
  const timeouts = shorter.map(({ step, timeout }) => `${formatDuration(timeout)}${each ? '' : ` for ${step}`}`);
  const set = shorter.length === 0 ? '' : ` and set ${shorter.length === 1 ? 'a timeout' : 'timeouts'} of ${formatList(timeouts)}`;
  return `catch the error of ${formatList(caught.map(({ step }) => step))}${set}`;
}

function andCaught(caught: readonly Caught[]): string {
  return caught.length === 0 ? '' : `, ${caughtWords(caught)}`;
}

/** What else changes where steps move. */
function withRest({ beside, caught }: { beside: boolean; caught: readonly Caught[] }): string {
  return `${beside ? ', and call what stays side by side' : ''}${andCaught(caught)}`;
}

function capitalised(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

/** A loop that is worth more than what is decided comes first. */
export function loopSentences({ loops, decision }: Advice): string[] {
  const worthIt = loops.filter(({ at }) => at.some(({ gain }) => isWorthIt(gain)) && meanShare(at) > decision.gain);
  return worthIt.map((loop) => {
    const [which, many] = loop.steps.length === 1 ? [loop.steps[0]!, `its ${formatRate(loop.calls)} calls`] : [formatList(loop.steps), `${formatRate(loop.calls)} calls of ${loop.service}`];
    return oneLine(`Read ${which} in one call: ${many} in a row are ${formatShare(loop.share)} of the request, and one in their place, as long as one of them is now, ${savesWords(meanShare(loop.at))}.`);
  });
}

/** The decision in one sentence, with its numbers; before it what is worth more than any arrangement. */
export function decisionSentences(advice: Advice): string {
  return [...loopSentences(advice), decisionSentence(advice)].join(' ');
}

/** The decision in one sentence, with its numbers. */
export function decisionSentence({ decision, options, publishes }: Pick<Advice, 'decision' | 'options' | 'publishes'>): string {
  switch (decision.kind) {
    case 'stay':
      return `${stayWords(publishes)}: ${whyStay(decision, options, publishes)}.`;
    case 'catch':
      return oneLine(`${capitalised(caughtWords(decision.caught))}: the reply goes on without ${decision.caught.length === 1 ? 'it' : 'them'}, which ${savesWords(decision.gain)}; ${undoneWords(decision)}.`);
    case 'parallel':
      if (decision.caught.length > 0) {
        return oneLine(`Call what does not need each other side by side${andCaught(decision.caught)}: it ${savesWords(decision.gain)}, without any event; ${undoneWords(decision)}.`);
      }
      return (
        `Call what does not need each other side by side: ${decision.gain > 0 ? `it saves ${formatShare(decision.gain)} of the response time` : 'fewer fail,'} without any ` +
        `event, where moving what may move, and calling the rest in turn, saves ${formatShare(Math.max(0, decision.eventsGain))}.`
      );
    case 'move':
      return oneLine(`Move ${movedWords(decision)}${withRest(decision)}: ${gainWords(decision)}; ${workersWords(decision)}${decision.caught.length > 0 ? `; ${undoneWords(decision)}` : ''}.`);
    case 'buy-workers':
      return oneLine(
        `Moving ${formatList(decision.steps)}${decision.beside ? ', with what stays side by side,' : ''} would save ${formatShare(Math.max(0, decision.gain))} of the response time, and ${decision.steps.length === 1 ? 'its' : 'their'} work would not be ` +
          `done in time: ${whoseConsumer(decision)} needs ${workersFor(decision.workers)}${hasWords(decision)}. ` +
          `Do not move ${decision.steps.length === 1 ? 'it, or buy them' : 'them, or buy workers'} first.`,
      );
  }
}

function savesWords(gain: number): string {
  return gain > 0 ? `saves ${formatShare(gain)} of the response time` : 'fails fewer requests';
}

/** What it costs to leave work undone, which nobody does later. */
function undoneWords({ undone }: { undone: number }): string {
  return undone === 0 ? 'none of its work was left undone' : `in ${formatShare(undone)} of the requests at worst that work is left undone, and nobody does it later`;
}

function movedWords({ steps }: Extract<Decision, { kind: 'move' }>): string {
  return steps.length === 1 ? `${steps[0]} first` : `${formatList(steps)} together`;
}

function gainWords({ gain, steps, beside, caught }: Extract<Decision, { kind: 'move' }>): string {
  const whose = beside || caught.length > 0 ? 'it saves' : steps.length === 1 ? 'alone it saves' : 'they save';
  return gain > 0 ? `${whose} ${formatShare(gain)} of the response time at the same orders` : 'it takes its failures out of the request';
}

/** Of several that move, the one that lacks most is named. */
function whoseConsumer({ steps, consumer }: { steps: readonly string[]; consumer: string }): string {
  return steps.length === 1 ? 'its consumer' : `the consumer of ${consumer}`;
}

function workersWords({ steps, consumer, workers, missed, ...there }: Extract<Decision, { kind: 'move' }>): string {
  if (workers === null && missed.includes('within')) return `with what there is, ${steps.length === 1 ? 'its' : 'their'} work is not done in time`;
  if (workers === null) return steps.length === 1 ? 'its consumer keeps up as it is' : 'their consumers keep up as they are';
  return `at the peak ${whoseConsumer({ steps, consumer })} needs ${workersFor(workers)}${hasWords(there)}`;
}

function hasWords({ has, scales }: Pick<WorkersAdvice, 'has' | 'scales'>): string {
  return has === null ? '' : `, and has ${upTo(scales)}${formatCount(has)}`;
}

function workersFor(workers: number): string {
  return formatCounted(workers, 'worker');
}

function whyStay(decision: Extract<Decision, { kind: 'stay' }>, options: readonly Option[], publishes: Advice['publishes']): string {
  if (decision.because === 'quick-enough') {
    return (
      `${publishes ? '' : 'as it is '}the chain answers within ${formatTime(decision.p95)} (p95) with ${formatShare(decision.failureRate)} failed, within the goals; ` +
      `${publishes ? 'more ' : ''}events would save ${formatShare(Math.max(0, decision.gain))} of it`
    );
  }
  const misses = decision.missed.length === 0 ? '' : `, although ${missedAsItIs(decision.missed, options[0])}`;
  if (decision.because === 'nothing-to-move') return `the reply needs every step, and nothing may move${misses}`;
  if (decision.because === 'nothing-helps') return `${tooLittle(options)}${misses}`;
  return `no move saves as much as a tenth of the response time (all together ${formatShare(Math.max(0, decision.gain))})`;
}

/** The goals that staying misses, and what it is to stay where so many fail. */
function missedAsItIs(missed: readonly Goal[], stay: Option | undefined): string {
  const atWorst = stay && missed.includes('failures') ? ` (${formatShare(worstBad(stay))} at worst)` : '';
  return formatList(missed.map((goal) => MISSED[goal] + (goal === 'failures' ? atWorst : '')));
}

/** What would fail much less may still fail too much to be advised. */
function tooLittle(options: readonly Option[]): string {
  const least = Math.min(...options.map(worstBad));
  return least > MOST ? `whatever was tried, at least ${formatShare(least)} of the requests fail, or have work that is never done` : 'nothing that was tried comes much closer to the goals';
}

/** One paragraph that can be pasted into a decision record. Plain text. */
export function paragraph(document: AdviceDocument): string {
  const { advice, scenario } = document;
  const sentences = [
    `For ${scenario.name} at ${formatLoads(document.loads)}: ${decisionSentences(advice)}`,
    ...consequences(document),
    ...staleSentences(advice),
    ...advice.sensitivities.map((one) => sensitivitySentence(one, document)),
    followedSentence(document),
    basisSentence(document),
  ];
  return oneLine(sentences.join(' '));
}

/** What comes of the decision: at the highest load, what is promised, what it takes, and what is at risk. */
export function consequences(document: AdviceDocument): string[] {
  const option = chosen(document);
  const stay = document.advice.options[0];
  if (!option || !stay || option.kind === 'stay') return [];
  const missed = option.missed.length === 0 ? [] : [`It comes closer to the goals and does not meet them: ${formatList(option.missed.map((goal) => MISSED[goal]))}.`];
  return [promiseSentence(stay, option, document), ...missed, ...undoneSentences(option, document), ...billSentences(option, document)];
}

/** Where work may be left undone, what would do it all. */
function undoneSentences({ caught }: Option, { advice }: AdviceDocument): string[] {
  const whole = caught.length === 0 ? undefined : advice.options.find((option) => option.caught.length === 0 && option.missed.length === 0);
  return whole ? [oneLine(`Where it must be done, ${optionName(whole)} meets the goals too.`)] : [];
}

function chosen({ advice }: AdviceDocument): Option | undefined {
  return advice.options[advice.chosen];
}

/** Before and after, at the load where the chain as it is is slowest or fails most. */
function promiseSentence(stay: Option, option: Option, { scenario }: AdviceDocument): string {
  const worst = stay.loads.reduce((most, outlook, i) => (isWorse(outlook, stay.loads[most]) ? i : most), 0);
  const [before, after] = [stay.loads[worst], option.loads[worst]];
  if (!before || !after) return '';
  // What is overloaded fails more the longer it lasts.
  const collapses = option.missed.includes('failures');
  const [from, to] = [before, after].map((outlook) => formatShare(bad(outlook)));
  const changed = from === to ? `, and ${to} fail as before` : ` and failures, at once or later, from ${from} to ${collapses ? 'at least ' : ''}${to}`;
  const failed = bad(before) + bad(after) > 0 ? changed : '';
  return (
    `At ${after.load.ramp ? 'up to ' : ''}${formatRate(after.orders)} ${plural(scenario.noun)} a second${loadWords(after)}, p95 goes from ${p95Words(before)} to ` +
    `${p95Words(after)}${failed}.`
  );
}

function p95Words({ p95, isLonger }: Outlook): string {
  return `${isLonger ? 'at least ' : ''}${formatTime(p95)}`;
}

/** Of users, those who send so many. */
function loadWords({ load }: Outlook): string {
  return load.model === 'closed' ? `, as ${formatLoad(load)} send to the chain as it is` : '';
}

/** More fail, or it is slower. */
export function isWorse(a: Outlook, b: Outlook | undefined): boolean {
  if (!b || bad(a) !== bad(b)) return bad(a) > (b ? bad(b) : -1);
  return (a.p95 ?? Infinity) >= (b.p95 ?? Infinity);
}

function bad({ failureRate, failedLater }: Outlook): number {
  return failureRate + failedLater;
}

function billSentences(option: Option, { goals }: AdviceDocument): string[] {
  const last = option.loads.reduce<Outlook | undefined>((most, outlook) => (most && most.orders >= outlook.orders ? most : outlook), undefined);
  if (!last || option.workers.length === 0) return [];
  const needs = option.workers.map(({ consumer, has, scales, needs: counts }) => {
    const most = Math.max(...counts.map((count) => count ?? 0));
    const there = has === null ? 'no limit' : `has ${upTo(scales)}${formatCount(has)}`;
    // At one load enough, and at another no number is.
    return `${consumer} ${counts.includes(null) ? 'more than can be had' : workersFor(most)} (${there})`;
  });
  const late = last.staleness === null ? '' : `; the work is done ${last.unfinished ? 'at least ' : ''}${formatTime(last.staleness)} after the reply (p95)`;
  const drain = last.isPeak && last.drainSeconds !== null ? `; after the peak it catches up within ${formatTime(last.drainSeconds * 1000)}` : '';
  return [
    `The bill: to have it done within ${formatDuration(goals.within)}, consumers need: ${formatList(needs)}${late}${drain}.`,
    `Up to ${formatCounted(Math.max(...option.loads.map(({ atRisk }) => atRisk)), 'event')} at once are lost with the process unless the bus is durable.`,
  ];
}

/** Where something could be moved and should not, what moving it would make of the data. */
function staleSentences({ decision, cases }: Advice): string[] {
  const stale = cases.find((one) => one.kind === 'reads-own-write');
  const isQuick = decision.kind === 'stay' && decision.because === 'quick-enough';
  if (stale?.state !== 'depends' || !isQuick) return [];
  return [`What ${stale.names.step} writes would be stale for ${stale.numbers.unfinished ? 'at least ' : ''}${formatTime(stale.numbers.staleness)} (p95) after the reply.`];
}

/** What would change the decision. */
export function sensitivitySentence(sensitivity: Sensitivity, { scenario }: AdviceDocument): string {
  switch (sensitivity.kind) {
    case 'quicker-step':
      return oneLine(`If ${sensitivity.step} took ${formatTime(sensitivity.enough)} instead of ${formatTime(sensitivity.now)}, the chain as it is would meet the goals.`);
    case 'more-orders': {
      const many = plural(scenario.noun);
      if (sensitivity.missed.length === 0) return `It still meets the goals with ${formatFactor(sensitivity.times)} times as many ${many}.`;
      const why = formatList(sensitivity.missed.map((goal) => MISSED[goal]));
      return sensitivity.times <= 1
        ? `There is no room for more ${many}: with ${formatFactor(sensitivity.tried)} times as many, ${why}.`
        : `It meets the goals with up to ${formatFactor(sensitivity.times)} times as many ${many}; with more, ${why}.`;
    }
    case 'longer-timeout':
      return oneLine(
        `${sensitivity.step} is given up after ${formatTime(sensitivity.now)}, before its work can be done: with ${formatTime(sensitivity.enough)}, moving it ` +
          `would leave ${formatShare(sensitivity.failures)} failed${sensitivity.late ? ', and work that is not done in time with the workers that there are' : ''}.`,
      );
  }
}

/** The advice was followed before it was given. */
export function followedSentence({ advice: { followed } }: AdviceDocument): string {
  const rejected = followed.rejected.map(optionName);
  const turned = rejected.length === 0 ? '' : `; turned down, because it did not keep its promise there: ${formatList(rejected)}`;
  return oneLine(`Followed before it was given, twice, with other draws (seeds ${followed.seed} and ${followed.seed + 1}): what is promised is the worst of all, and of p95 as much more as they differ${turned}.`);
}

/** What was asked for. */
export function goalsSentence({ goals }: AdviceDocument): string {
  const asked = goals.asked.length === 0 ? ' (nobody named others)' : '';
  return (
    `goals${asked}: p95 of the reply within ${formatDuration(goals.p95)}, at most ${formatShare(goals.failures)} failed at once or later, ` +
    `the work of 95% complete within ${formatDuration(goals.within)}, also after a peak.`
  );
}

/** How long was simulated. */
export function windowWords({ window, until }: AdviceDocument): string {
  const longer = until === null ? '' : `, and longer for the reply, until p95 and p99 are known to ${formatShare(until)}`;
  return `windows of ${formatDuration(window)}${longer}`;
}

/** What all of this rests on: never to be mistaken for a measurement. */
export function basisSentence({ tool, seed, measured }: AdviceDocument): string {
  const basis = `Simulated by ${tool.name} ${tool.version}, seed ${seed}, not measured`;
  if (!measured) return `${basis}.`;
  const error = measured.errorPercent === null ? '' : `, at most ${measured.errorPercent.toFixed(1)} percent off`;
  return `${basis}; in ${measured.file} the model holds for ${measured.holds} of ${measured.trials} measured trials${error}.`;
}

/** Requests of which p95 is that of a handful. */
const HANDFUL = 100;

/** What was left out, and taken for what nobody has measured; and where chance decides: a load that moves through its stages, or has outages, is not looked at for longer. */
export function assumptions({ bus, faults, advice }: AdviceDocument): string[] {
  const least = Math.min(...(advice.options[advice.chosen]?.loads ?? []).map(({ sent }) => sent));
  const few = `Only ${formatCounted(least, 'request')} in the window: p95 is that of a handful, and with another --seed the answer may be another.`;
  const without = faults ? [`Left out: ${formatList(faults)}. Advice is about days without faults; simulate and bench show those with them.`] : [];
  return [...without, ...(bus ? [formatBus(bus)] : []), ...(least < HANDFUL ? [few] : [])];
}

/** What no simulation of a scenario knows. */
export const NOT_MODELLED =
  'Not modelled: the limits of the machine and the network, killed brokers, the order in which consumers of one event ' +
  'work, what users do when they are answered sooner or see stale data, and services that behave otherwise than the scenario says.';


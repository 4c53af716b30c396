/** What to do next, in words: at most 40 in each, and the number that decides it among them. */
import { nextSteps, type NextStep, type Shown, type Worst } from '../advice/next-steps.js';
import { thereAre } from './clause.js';
import { MISSED, whyStay } from './clauses-answer.js';
import { changeOf, comparedName, comparedValue } from './comparisons.js';
import { formatCount, formatCounted, formatList, formatLoad, formatRate, formatShare, formatTime, oneLine } from './format.js';

/** The heading that it stands under. */
export const NEXT_TITLE = 'What to do next';

/** One sentence for each step. */
export function nextSentences(shown: Shown): string[] {
  return nextSteps(shown).map((step) => oneLine(sentenceOf(step)));
}

function sentenceOf(step: NextStep): string {
  switch (step.kind) {
    case 'measure-again':
      return `Measure again, or elsewhere: ${formatCount(step.trials)} of ${formatCounted(step.of, 'trial')} cannot be used, and the problems say why.`;
    case 'mend-check':
      return `Mend what failed: ${step.check.expression} found ${step.check.detail}${more(step.more, 'failed')}.`;
    case 'decide-check':
      return `Let it be known: ${step.check.expression} found ${step.check.detail}${more(step.more, 'are unknown')}.`;
    case 'mend-comparison':
      return `Find what made it slower: ${comparedName(step.comparison)} went ${fromTo(step.comparison)}${more(step.more, 'failed')}.`;
    case 'decide-comparison':
      return `Compare again where it is calmer: ${comparedName(step.comparison)} is not known${seen(step.comparison)}${more(step.more, 'are unknown')}.`;
    case 'nothing-slower':
      return `Nothing has to be mended: the largest change is that of ${comparedName(step.comparison)}, ${fromTo(step.comparison)}.`;
    case 'stay':
      return `Stay with requests: ${whyStay(step)}.`;
    case 'change-nothing':
      return `Change nothing for speed: p95 of ${step.architecture} is ${formatTime(step.p95)} at worst, and the goal is ${formatTime(step.limit)}.`;
    case 'side-by-side':
      return `Call side by side, without events: ${step.architecture} answers in ${formatTime(step.time)}${step.load ? ` at ${formatLoad(step.load)}` : ''}, ${step.than} in ${formatTime(step.otherTime)}.`;
    case 'take':
      return `Take ${step.architecture}: ${worstWords(step.worst)} at worst, where ${step.than} has ${worstWords(step.otherWorst)}; goal: ${formatTime(step.limit)}${stillWords(step.still)}.`;
    case 'workers':
      return `Give ${step.who} in ${step.architecture} ${formatCounted(step.needed, 'worker')}${step.has === null ? '' : ` where ${thereAre(step.has, step.scales)}`}: so many ${whereWords(step)}.`;
  }
}

function more(count: number, what: string): string {
  return count === 0 ? '' : `; ${formatCount(count)} more ${what}`;
}

function fromTo(comparison: Parameters<typeof comparedValue>[1]): string {
  return `from ${comparedValue(comparison.base, comparison)} to ${comparedValue(comparison.head, comparison)} (${changeOf(comparison.change, comparison)})`;
}

function seen(comparison: Parameters<typeof comparedValue>[1]): string {
  return comparison.smallest === null ? '' : `, changes from ${changeOf(comparison.smallest, comparison)} on could be seen`;
}

function worstWords({ p95, failureRate }: Worst): string {
  return `p95 ${formatTime(p95)} with ${formatShare(failureRate)} failed`;
}

function stillWords(still: Extract<NextStep, { kind: 'take' }>['still']): string {
  // What would be done in time with more workers was not run with them.
  return still.length === 0 ? '' : `; ${still.includes('within') ? 'as run' : 'even so'}, ${formatList(still.map((goal) => MISSED[goal]))}`;
}

function whereWords({ orders, load }: Extract<NextStep, { kind: 'workers' }>): string {
  if (orders !== null) return `keep up with the same ${formatRate(orders)} a second`;
  return load ? `keep up at ${formatLoad(load)}` : 'keep up';
}

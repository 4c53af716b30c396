/** The cases for requests and for events in words, each with its number. */
import type { Case, CaseKind, CaseOf, CaseState } from '../../advice/cases.js';
import { formatCount, formatShare, formatTime, oneLine } from '../format.js';

type Tellers = { [K in CaseKind]: (numbers: CaseOf<K>['numbers'], names: CaseOf<K>['names']) => string };

const TITLES: Record<CaseKind, string> = {
  'simple-work': 'Simple work, nothing to move',
  'reads-own-write': 'The caller reads what it has just written',
  'moderate-load': 'A moderate load that requests carry',
  'reply-needs-it': 'The reply needs the result',
  'slow-work': 'Slow work in the way of the reply',
  peaks: 'Peaks that one step cannot take',
  'unreliable-parties': 'Third parties that fail',
  'several-consequences': 'Several consequences of one event',
  'nobody-waits': 'Work that must be done, and nobody waits for',
};

const TELLERS: Tellers = {
  'simple-work': ({ movable, steps }) => `${formatCount(movable)} of ${formatCount(steps)} steps may leave the request`,
  'reads-own-write': ({ staleness, unfinished }, { step }) =>
    step === undefined
      ? 'nothing may move, so nothing is ever stale'
      : `what ${step} writes would be stale for ${unfinished ? 'at least ' : ''}${formatTime(staleness)} (p95); only you know whether it is read at once`,
  'moderate-load': ({ p95, isLonger, failureRate, limit, failures }) =>
    `as it is, ${p95 === undefined ? 'nothing is answered' : `p95 is ${isLonger ? 'at least ' : ''}${formatTime(p95)}`} and ${formatShare(failureRate)} fail at worst (goals: ${formatTime(limit)} and ${formatShare(failures)})`,
  'reply-needs-it': ({ needed, total, share }) =>
    `${formatTime(needed)} of ${formatTime(total)} (${formatShare(share)}) is work that the reply needs`,
  'slow-work': ({ mean, share }, { step }) =>
    step === undefined ? 'no step may move' : `${step} takes ${formatTime(mean)}, ${formatShare(share)} of the chain`,
  peaks: tellPeaks,
  'unreliable-parties': ({ errors, outages, failuresBefore, failuresAfter }, { step }) =>
    step === undefined
      ? 'no step that may move has errors or outages'
      : `${step} ${troubles(errors, outages)}; failed requests go from ` +
        `${formatShare(failuresBefore)} to ${formatShare(failuresAfter)} once it has left the reply`,
  'several-consequences': ({ count }, { consumers }) =>
    `${formatCount(count)} would hang on one event${consumers ? `: ${consumers}` : ''}`,
  'nobody-waits': ({ time, count, atRisk }, { steps }) =>
    count === 0
      ? 'the reply needs every step'
      : `${steps}: ${formatTime(time)} of work; up to ${formatCount(atRisk)} events wait at once and are lost with the process unless the bus is durable`,
};

const STATES: Record<CaseState, string> = { holds: 'yes', fails: 'no', depends: 'ask' };

/** A word for whether a case holds here. */
export function caseState({ state }: Case): string {
  return STATES[state];
}

/** The case and the number behind it, in one line. */
export function caseSentence<K extends CaseKind>({ kind, numbers, names }: CaseOf<K>): string {
  return oneLine(`${TITLES[kind]}: ${TELLERS[kind](numbers, names)}.`);
}

function troubles(errors: number, outages: number): string {
  const parts = [
    ...(errors > 0 ? [`fails ${formatShare(errors)} of its calls`] : []),
    ...(outages > 0 ? [`has ${formatCount(outages)} ${outages === 1 ? 'outage' : 'outages'}`] : []),
  ];
  return parts.join(' and ');
}

function tellPeaks({ p50, ideal, failureRate, utilisation, suffers }: CaseOf<'peaks'>['numbers'], { step }: CaseOf<'peaks'>['names']): string {
  const answer = p50 === undefined ? 'nothing is answered' : `p50 is ${formatTime(p50)} (${formatTime(ideal)} unloaded)`;
  const busiest = step === undefined ? 'no step is limited' : `${step} is ${formatShare(utilisation)} busy`;
  return `at the highest load ${answer}, ${formatShare(failureRate)} fail, ${busiest}${suffers ? '' : '; nothing suffers yet'}`;
}

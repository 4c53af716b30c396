/** What a run has shown: typed facts with numbers, the ones that matter first. Put into words by the report. */
import type { Found } from '../measurement/finding.js';
import type { Finding, SameOrdersRow, Trial } from '../measurement/record.js';
import { nounOfRequest } from '../scenarios/noun.js';
import type { Scenario } from '../scenarios/scenario.js';
import { costOf } from './cost.js';
import { sameOrdersFindings } from './fair-question.js';
import { answers } from './finding-answer.js';
import { bills } from './finding-bill.js';
import { causes } from './finding-cause.js';
import { judgementOf } from './judgement.js';
import { groupTrials, isMeasured, type TrialGroup } from './rounds.js';
import { storyOf } from './story.js';

/**
 * Every finding about the trials, and about the same orders for all. Findings of one story (`storyOf`) stand together; the first story of each topic comes
 * before the second of any: the answer, then its cause and its price, whichever costs the user more first (`costOf`), then what else there is to say.
 */
export function findings(trials: readonly Trial[], scenario: Scenario, sameOrders: readonly SameOrdersRow[] = []): Finding[] {
  const groups = groupTrials(trials, scenario.baseline);
  const valid = groups.filter((group) => group.valid);
  // Cause or price: first what costs more.
  const [cause, bill] = [causes(valid, scenario), bills(valid, scenario)];
  const costs = [cause, bill].toSorted((a, b) => mostOf(b) - mostOf(a));
  const topics = [troubles(groups), answers(valid, judgementOf(valid, scenario)).map((finding) => named(finding, scenario)), sameOrdersFindings(trials, sameOrders, scenario), ...costs];
  const stories = topics.map(storiesOf);
  const depth = Math.max(...stories.map((topic) => topic.length));
  return Array.from({ length: depth }, (_, rank) => stories.flatMap((topic) => topic[rank] ?? [])).flat();
}

const mostOf = (found: readonly Finding[]): number => Math.max(0, ...found.map(costOf));

/** What is only accepted is told by what it is: an order, a login. */
function named(finding: Finding, scenario: Scenario): Finding {
  return finding.kind === 'accepts' ? { ...finding, names: { ...finding.names, noun: nounOfRequest(scenario) } } : finding;
}

/** Findings of one topic, gathered into stories; the stories in the order in which they first appear. */
function storiesOf(topic: Finding[]): Finding[][] {
  const stories = new Map<string, Finding[]>();
  for (const finding of topic) stories.set(storyOf(finding), [...(stories.get(storyOf(finding)) ?? []), finding]);
  return [...stories.values()];
}

/** Trials without numbers (`unmeasured`) and numbers that cannot be trusted (`invalid`); neither is compared. */
function troubles(groups: readonly TrialGroup[]): Found<'unmeasured' | 'invalid'>[] {
  return groups.flatMap((group) => {
    const without = group.rounds.filter((trial) => !isMeasured(trial));
    const invalid = group.rounds.filter((trial) => isMeasured(trial) && !trial.validity.valid);
    return [
      ...problems('unmeasured', group, without.length, without[0]?.message),
      ...problems('invalid', group, invalid.length, problemOf(invalid[0])),
    ];
  });
}

function problems(kind: 'unmeasured' | 'invalid', group: TrialGroup, rounds: number, reason = ''): Found<'unmeasured' | 'invalid'>[] {
  if (rounds === 0) return [];
  const { architecture, load } = group;
  return [{ kind, architecture, load, numbers: { rounds, of: group.rounds.length }, names: { reason } }];
}

function problemOf(trial: TrialGroup['rounds'][number] | undefined): string | undefined {
  return trial && isMeasured(trial) ? trial.validity.problems[0] : undefined;
}

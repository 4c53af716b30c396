/** What cannot be told, because it was not measured or not well. */
import type { Found } from '../measurement/finding.js';
import { isMeasured, type TrialGroup } from './rounds.js';

/** Trials without numbers (`unmeasured`) and numbers that cannot be trusted (`invalid`); neither is compared. */
export function troubles(groups: readonly TrialGroup[]): Found<'unmeasured' | 'invalid'>[] {
  return groups.flatMap((group) => {
    const without = group.rounds.filter((trial) => !isMeasured(trial));
    const invalid = group.rounds.filter((trial) => isMeasured(trial) && !trial.validity.valid);
    return [
      ...finding('unmeasured', group, without.length, without[0]?.message),
      ...finding('invalid', group, invalid.length, problemOf(invalid[0])),
    ];
  });
}

function finding(kind: 'unmeasured' | 'invalid', group: TrialGroup, rounds: number, reason = ''): Found<'unmeasured' | 'invalid'>[] {
  if (rounds === 0) return [];
  const { architecture, load } = group;
  return [{ kind, architecture, load, numbers: { rounds, of: group.rounds.length }, names: { reason } }];
}

function problemOf(trial: TrialGroup['rounds'][number] | undefined): string | undefined {
  return trial && isMeasured(trial) ? trial.validity.problems[0] : undefined;
}

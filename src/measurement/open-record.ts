/** A record as it may be saved and shown. */
import { maskUrls } from '../base/urls.js';
import { withoutSecrets } from '../scenarios/secrets.js';
import type { RunRecord, Trial } from './record.js';

/** The record with everything that lets anybody in replaced by what stands in for it: every record is made and read by it. */
export function openRecord(record: RunRecord): RunRecord {
  return {
    ...record,
    command: record.command.map(maskUrls),
    scenario: withoutSecrets(record.scenario),
    trials: record.trials.map(openTrial),
    advice: record.advice.map(({ names, ...finding }) => ({ ...finding, names: openNames(names) })),
  };
}

/** What a process or a broker complained about may name the URL that it was given. */
function openTrial(trial: Trial): Trial {
  if ('message' in trial) return { ...trial, message: maskUrls(trial.message) };
  const { valid, problems, notes } = trial.validity;
  return { ...trial, validity: { valid, problems: problems.map(maskUrls), notes: notes.map(maskUrls) } };
}

function openNames(names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [name, maskUrls(value)]));
}

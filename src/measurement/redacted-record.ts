/** A record as it may be saved and shown. */
import { maskUrls } from '../base/urls.js';
import type { PairedRun } from './schema/comparison.js';
import { withoutSecrets } from '../scenarios/secrets.js';
import type { Finding, RunRecord, Trial } from './record.js';

/** The record with everything that lets anybody in replaced by what stands in for it: every record is made and read by it. */
export function openRecord(record: RunRecord): RunRecord {
  return {
    ...record,
    command: record.command.map(maskUrls),
    scenario: withoutSecrets(record.scenario),
    trials: record.trials.map(openTrial),
    checks: record.checks.map((check) => ({ ...check, detail: maskUrls(check.detail) })),
    ...(record.paired ? { paired: record.paired.map(openPaired) } : {}),
    advice: record.advice.map((finding) => ({ ...finding, names: openNames(finding.names) }) as Finding),
  };
}

/** A comparison that ended before its time says why. */
export function openPaired(run: PairedRun): PairedRun {
  return run.message === undefined ? run : { ...run, message: maskUrls(run.message) };
}

/** What a process or a broker complained about may name the URL that it was given. */
function openTrial(trial: Trial): Trial {
  if ('message' in trial) return { ...trial, message: maskUrls(trial.message) };
  const { valid, problems, notes } = trial.validity;
  const causes = trial.causes?.map((cause) => ({ ...cause, reason: maskUrls(cause.reason) }));
  return { ...trial, ...(causes ? { causes } : {}), validity: { valid, problems: problems.map(maskUrls), notes: notes.map(maskUrls) } };
}

function openNames(names: Finding['names']): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [name, maskUrls(value)]));
}

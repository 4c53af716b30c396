/** Calls that wait for workers to start, where that makes requests slow. */
import type { Found } from '../measurement/finding.js';
import { isKnown } from '../measurement/times.js';
import type { Scenario, Step } from '../scenarios/scenario.js';
import { subjectOf } from '../scenarios/subject.js';
import { foldStep } from './demand.js';
import { fold, type TrialGroup } from './rounds.js';
import { SATURATED, WAITING } from './saturation.js';

/**
 * The step whose calls wait longest for a worker at a service that scales, p95. Where its workers are all there and busy, it is not their start that
 * is waited for.
 */
export function coldStarts(group: TrialGroup, steps: readonly Step[], scenario: Scenario): Found<'cold-starts'>[] {
  const { architecture, load } = group;
  const p95 = fold(group, ({ responseTime }) => (isKnown(responseTime, 'p95') ? responseTime.p95 : null)) ?? 0;
  const waits = steps.map(({ name, call }) => ({
    names: { step: name, service: call },
    coldStarts: foldStep(group, name, ({ scaled }) => scaled?.coldStarts ?? null) ?? 0,
    isBusy: (foldStep(group, name, ({ utilisation }) => utilisation) ?? 0) >= SATURATED,
    wait: foldStep(group, name, ({ queueTime }) => queueTime.p95) ?? 0,
  }));
  const [worst] = waits.filter((it) => it.coldStarts > 0 && !it.isBusy && it.wait > 0 && it.wait >= WAITING * p95).toSorted((a, b) => b.wait - a.wait);
  if (!worst || p95 === 0) return [];
  const { names, wait } = worst;
  const start = subjectOf(scenario, architecture)?.services.find(({ name }) => name === names.service)?.scaling?.start ?? 0;
  return [{ kind: 'cold-starts', architecture, load, numbers: { coldStarts: worst.coldStarts, start, wait, p95 }, names }];
}

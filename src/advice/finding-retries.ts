/** Clients that send again what has failed, where that multiplies the load. */
import { loadSize } from '../measurement/loads.js';
import type { Found } from '../measurement/finding.js';
import { fold, type TrialGroup } from './rounds.js';

/**
 * Attempts beyond the first, as a share of the requests, from which retries are a load of their own: what a client's retry budget allows (Beyer et al.,
 * Site Reliability Engineering, ch. 21 "Handling Overload").
 */
const BUDGET = 0.1;

/** Every subject and load at which clients send a tenth of the requests again or more; in the order of the loads. */
export function clientRetries(groups: readonly TrialGroup[]): Found<'client-retries'>[] {
  const first = new Map<string, TrialGroup>();
  const starts = new Map<string, TrialGroup>();
  return groups.flatMap((group): Found<'client-retries'>[] => {
    const { architecture, load } = group;
    if (!first.has(architecture)) first.set(architecture, group);
    const sent = fold(group, ({ outcomes }) => outcomes.sent) ?? 0;
    const attempts = fold(group, (trial) => trial.attempts ?? trial.outcomes.sent) ?? 0;
    if (attempts <= (1 + BUDGET) * sent) return [];
    const start = starts.get(architecture) ?? group;
    starts.set(architecture, start);
    // Where it is so at the lowest load, nobody knows from where on.
    const from = start === first.get(architecture) ? {} : { starts: loadSize(start.load) };
    return [{ kind: 'client-retries', architecture, load, numbers: { attempts, sent, perRequest: attempts / sent, share: 1 - sent / attempts, ...from }, names: {} }];
  });
}

/** How long is simulated: for as long as somebody says, or until the percentiles are known. */
import { saidOfLoad } from '../scenarios/said.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Io } from './io.js';
import { textOf, type LoadOptions } from './scenario.js';

/** How well p95 and p99 are known where nobody says how long to simulate. */
export const KNOWN_TO = 0.02;
/** The longest window that is simulated for it, ms: virtual time tries nobody's patience. */
export const VIRTUAL_WITHIN = 3_600_000;

/** The options that say how long. */
type LengthOptions = Pick<LoadOptions, 'duration' | 'until' | 'maxDuration' | 'stages'>;

/**
 * The options as a simulation takes them: where neither they nor the file say how long the window is, it goes on until p95
 * and p99 are known; and where it goes on, it may do so for an hour, unless somebody says another time.
 * @param name of the scenario
 */
export function virtualLength<O extends LengthOptions>(name: string, scenario: Scenario, options: O, io: Pick<Io, 'cwd' | 'given'>): O {
  const said = saidOfLoad(textOf(name, io), name);
  const isLong = options.duration !== undefined || said.has('duration') || said.has('until');
  const until = options.until ?? (isLong || !canGoOn(scenario, options) ? undefined : KNOWN_TO);
  const within = options.maxDuration ?? (said.has('maxDuration') ? undefined : VIRTUAL_WITHIN);
  const goesOn = until !== undefined || said.has('until');
  return { ...options, ...(until === undefined ? {} : { until }), ...(goesOn && within !== undefined ? { maxDuration: within } : {}) };
}

/** Whether a longer window asks the same question: not with stages, nor with outages, which come at moments of it. */
export function canGoOn({ load, services, variants }: Scenario, { stages }: Pick<LoadOptions, 'stages'>): boolean {
  if (load.stages.length > 0 || stages !== undefined) return false;
  return [services, ...variants.map((variant) => variant.services)].flat().every(({ outages }) => outages.length === 0);
}

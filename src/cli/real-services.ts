/** Real services in a scenario: who may call them, and who first needs to know what they take. */
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';
import type { Scenario, Service } from '../scenarios/scenario.js';
import { isLoopback } from '../scenarios/target.js';
import type { BenchOptions } from './prepare.js';
import type { Io } from './io.js';
import { consentTo, findScenarioWith } from './targets.js';

/** What a real service is taken to need where nothing may be called, ms. */
const UNKNOWN = [1000];

/**
 * The options with what each real service takes alone, which is measured now: predictions, and the plan, stand on it.
 * @throws UserError when one gives no good answer, or nobody says that it may be called
 */
export async function withRealServices(name: string | undefined, options: BenchOptions, io: Io): Promise<BenchOptions> {
  // It is read again, and what was understood of it is said then.
  const real = realIn(findScenarioWith({ ...options, quiet: true }, name, io));
  if (real.length === 0) return options;
  if (options.dryRun) return { ...options, alone: new Map(real.map((service) => [service.name, UNKNOWN])) };
  // What calls them over HTTP takes a while to load.
  const { CALLS_ALONE, measureAlone } = await import('../experiment/real-services.js');
  await consentTo(real.flatMap((service) => consentLine(service, CALLS_ALONE)), options, io);
  const alone = await measureAlone(real);
  if (!options.quiet) for (const [service, times] of alone) io.stderr.write(`${service}: a real service, p50 ${median(times).toFixed(1)} ms in ${times.length} calls alone; predictions take these\n`);
  return { ...options, alone };
}

/**
 * @throws UserError where a scenario is only computed: of a real service nothing is known before it was measured
 */
export function refuseUnknownServices(scenario: Scenario, name: string): Scenario {
  const unknown = realIn(scenario).find(({ latency }) => latency.kind === 'values' && latency.values.length === 0);
  if (!unknown) return scenario;
  throw new UserError(
    `${unknown.name} is a real service, and nobody knows what it takes: \`bench ${name} -o json=run.json\` measures it, and \`advise run.json\` goes on from there. ` +
      'Or give it a latency in place of its url.',
  );
}

function realIn({ services }: Scenario): Service[] {
  return services.filter(({ endpoint }) => endpoint !== undefined);
}

function consentLine({ name, endpoint }: Service, callsAlone: number): string[] {
  if (!endpoint || isLoopback(endpoint.url)) return [];
  return [`${endpoint.method} ${maskUrls(String(endpoint.url))}: ${name}, ${callsAlone} times alone and then by the requests of every trial`];
}

function median(times: readonly number[]): number {
  return times[times.length >> 1] ?? 0;
}

/** A scenario file to start from. */
import { UserError } from '../base/errors.js';
import { mistakeIn } from './format/field.js';
import { time as latencyTime } from './format/latency.js';
import { name } from './format/values.js';
import { describe } from './problem.js';

/** One step of a chain as it is told on the command line. */
interface ChainStep {
  name: string;
  latency: string;
  critical: boolean;
}

const ARTICLE_CHAIN = 'payment=300ms!,inventory=200ms!,email=400ms,analytics=150ms';
const MOST_STEPS = 100;

/**
 * A commented scenario file.
 * @param steps the chain in one line: `payment=300ms!,email=400ms`; `!` = critical, the reply needs it
 * @throws UserError that points into `steps`
 */
export function initScenario({ steps = ARTICLE_CHAIN }: { steps?: string } = {}): string {
  const chain = parseChain(steps);
  const services = chain.map((step, index) => (index === 0 ? firstService(step) : `  ${step.name}: ${step.latency}`));
  const calls = chain.map((step) => `  - ${step.name}${step.critical ? '!' : ''}`);
  return template(services.join('\n'), calls.join('\n'));
}

function parseChain(text: string): ChainStep[] {
  const chain: ChainStep[] = [];
  let offset = 0;
  for (const part of text.split(',')) {
    const step = chainStep(part);
    const again = chain.some((other) => other.name === step.name);
    if (again) throw pointed(text, offset, `a second step named ${describe(step.name)}`);
    if (chain.push(step) > MOST_STEPS) throw pointed(text, offset, `more than ${MOST_STEPS} steps`);
    const wrongName = mistakeIn(name, step.name);
    if (wrongName) throw pointed(text, offset, `${wrongName}; a step is written payment=300ms!`);
    const wrongLatency = mistakeIn(latencyTime, step.latency);
    if (wrongLatency) throw pointed(text, offset + part.indexOf('=') + 1, wrongLatency);
    offset += part.length + 1;
  }
  return chain;
}

function chainStep(part: string): ChainStep {
  const equals = part.includes('=') ? part.indexOf('=') : part.length;
  const written = part.slice(equals + 1).trim();
  const critical = written.endsWith('!');
  return { name: part.slice(0, equals).trim(), latency: critical ? written.slice(0, -1).trim() : written, critical };
}

/** A mistake with the place in the argument below it. */
function pointed(text: string, at: number, message: string): UserError {
  const shown = text.replaceAll(/\p{Cc}/gu, '?');
  return new UserError(`--steps, character ${at + 1}: ${message}\n  ${shown}\n  ${' '.repeat(at)}^`);
}

/** The first service in full, as an example of everything a service can have. */
function firstService(step: ChainStep): string {
  return `  ${step.name}:
    latency: ${step.latency}
    # latency: { p50: 40ms, p99: 200ms }   measured quantiles; also { mean: 50ms, cv: 0.5 }, { exponential: 50ms },
    #                                      { uniform: [10ms, 90ms] }, { values: latencies.csv }
    workers: 100 # calls it serves at once
    queue: unlimited # calls it holds waiting; beyond it answers 503
    errors: 0% # share of calls that fail
    # outages: [{ from: 2s, for: 3s, kind: error }]   or kind: hang, or kind: slow with factor: 5`;
}

function template(services: string, steps: string): string {
  return `# One business transaction and its load. Everything is explained in docs/scenarios.md;
# sync-vs-events validate FILE --resolved prints it with every default filled in.
# For help in your editor: sync-vs-events schema > scenario.schema.json, and as the first line of this file
#   yaml-language-server: $schema=./scenario.schema.json     (as a comment of its own)

title: What happens, in one line

services: # name: how long it works on one call, or a mapping with more
${services}

steps: # in order; ! = critical: the reply needs it
${steps}
  # in full: { call: email, critical: false, after: [payment], timeout: 3s, connections: 50,
  #            retries: { attempts: 3, backoff: 100ms, budget: 10% }, breaker: {} }

event: # published once per transaction; each step that is not critical has a consumer of its name
  type: order.placed
  # consumers:
  #   email: { workers: 20 }   as many as the service serves at once, unless said otherwise

load:
  users: [10, 100, 500] # each sends its next request when the last is answered; or rate: [50, 200] a second
  # duration: 10s   a fixed window; without it each lasts until p95, failures and backlogs are known, 10 s at most
  timeout: 10s

subjects: [sync, hybrid] # also parallel, event-driven

# thresholds: # limits for CI; exit code 1 when one does not hold
#   - "hybrid: p95 < 800ms"
#   - "hybrid: failure_rate < 1%"
`;
}

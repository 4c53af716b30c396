/** Made-up records of whole runs, for the reports. */
import type { RunRecord, Trial } from '../../src/measurement/record.js';
import { findings } from '../../src/advice/findings.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { comparison } from './comparison.js';
import { consumer, events, measured, step, unmeasured } from './measured.js';
import { trialOf } from './trial.js';

/** The default scenario, or a change of it. */
export function checkout(change: Partial<Scenario> = {}): Scenario {
  const title = 'An order: payment, inventory, email and analytics';
  return { ...(builtIn('checkout') as Scenario), title, ...change };
}

/** A record around some trials. */
export function recordOf(trials: Trial[], change: Partial<RunRecord> = {}): RunRecord {
  const scenario = change.scenario ?? checkout();
  return {
    schemaVersion: 2,
    tool: { name: 'sync-vs-events', version: '0.1.0' },
    command: ['bench', 'checkout', '--seed', '7'],
    startedAt: '2026-03-01T09:00:00.000Z',
    environment: {
      node: 'v20.20.2',
      os: 'Linux 6.1.0',
      arch: 'x64',
      cpu: 'Example CPU @ 2.80GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      ci: null,
    },
    scenario,
    plan: { trials: [], estimatedSeconds: 82 },
    seed: 7,
    trials,
    comparisons: [],
    checks: [],
    advice: findings(trials, scenario),
    verdict: 'pass',
    ...change,
  };
}

let made: Trial[] | undefined;

/** The default bench: sync and hybrid at 10, 100 and 500 users. */
export function checkoutTrials(): Trial[] {
  made ??= [10, 100, 500].flatMap((users) =>
    (['sync', 'hybrid'] as const).map((architecture) => trialOf({ scenario: checkout(), architecture, users })),
  );
  return structuredClone(made);
}

/** The default bench with a few checks. */
export function checkoutRecord(): RunRecord {
  return recordOf(checkoutTrials(), {
    checks: [
      {
        expression: 'hybrid: p95 < 600ms',
        state: 'fail',
        level: 'error',
        detail: '616 ms at 500 users',
        observed: 616,
      },
      { expression: 'hybrid: lost == 0', state: 'pass', level: 'error', detail: '0 at 500 users', observed: 0 },
      {
        expression: 'sync@10: p99 < 1.2s',
        state: 'unknown',
        level: 'warn',
        detail: '95 samples at 10 users, 299 needed',
        observed: null,
      },
    ],
    verdict: 'fail',
  });
}

/** What a name may contain to break out of a report. */
export const HOSTILE = 'a|b`c`<script>alert(1)</script>\n::error::d%0A\u001b[2J]]>"&\'=1+1,@all #1 \u202e\u0000';

/** Every name and message that comes from outside is hostile. */
export function hostileRecord(): RunRecord {
  const scenario = checkout({ name: HOSTILE, title: HOSTILE, description: HOSTILE });
  const validity = { valid: false, problems: [HOSTILE], notes: [] };
  const trials: Trial[] = [
    measured({ subject: HOSTILE, ms: 100, change: { events: events({ [HOSTILE]: consumer(HOSTILE) }) } }),
    measured({ subject: `${HOSTILE}2`, ms: 300, change: { steps: { [HOSTILE]: step(HOSTILE) } } }),
    measured({ subject: `${HOSTILE}3`, ms: 300, change: { validity } }),
    { ...unmeasured('sync', 100, HOSTILE), architecture: `${HOSTILE}4` },
  ];
  return recordOf(trials, {
    scenario,
    tool: { name: HOSTILE, version: HOSTILE },
    command: ['bench', HOSTILE],
    environment: { node: HOSTILE, os: HOSTILE, arch: HOSTILE, cpu: HOSTILE, cores: 2, memoryBytes: 1, ci: HOSTILE },
    checks: [{ expression: HOSTILE, state: 'fail', level: 'error', detail: HOSTILE, observed: null }],
    comparisons: [comparison({ subject: HOSTILE, why: HOSTILE })],
    verdict: 'fail',
  });
}

/** Trials that died, were interrupted, measured nothing or measured badly, beside a good one. */
export function troubledRecord(): RunRecord {
  const busy = "The load generator was busy 97% of the time: these response times are the machine's.";
  const trials: Trial[] = [
    measured({ subject: 'sync', users: 10, ms: 1050, sent: 95 }),
    unmeasured('hybrid', 10, 'The server process was killed by SIGKILL'),
    measured({ subject: 'sync', users: 100, ms: 2000, sent: 0 }),
    measured({
      subject: 'hybrid',
      users: 100,
      ms: 500,
      change: { validity: { valid: false, problems: [busy], notes: [] } },
    }),
    unmeasured('sync', 500, 'interrupted', 'aborted'),
  ];
  const planned = [...trials, ...trials.slice(0, 1)].map(({ subject, architecture, base, round, load }) => ({
    subject,
    architecture,
    base,
    round,
    load,
    warmup: 2100,
    duration: 10_000,
    drain: 2000,
    timeout: 10_000,
  }));
  return recordOf(trials, { plan: { trials: planned, estimatedSeconds: 82 }, verdict: 'unknown' });
}

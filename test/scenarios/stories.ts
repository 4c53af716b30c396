/**
 * What each scenario of the library is to show, by arithmetic, with room for the short windows of `--quick`: at its
 * smallest and largest load only. Virtual time bears it out; what is measured is held against virtual time instead.
 */
import type { MeasuredTrial, Trial } from '../../src/measurement/record.js';

/** A number of a trial; null when the trial does not know it. */
interface Metric {
  name: string;
  of: (trial: MeasuredTrial) => number | null | undefined;
}

/** One expectation. */
export interface Claim {
  /** Name of a subject, or `a/b` for the ratio of the two. */
  subject: string;
  /** Number of users or rate. */
  at: number;
  metric: Metric;
  /** What arithmetic says for a full window; the comment beside it says how. */
  expected: number;
  least: number;
  most: number;
  /** It rests on which of two deliveries starts first, which are one moment in virtual time. */
  isLive?: true;
}

function metric(name: string, of: Metric['of']): Metric {
  return { name, of };
}

const p50 = metric('p50', (trial) => trial.responseTime.p50);
const p95 = metric('p95', (trial) => trial.responseTime.p95);
const failures = metric('failure rate', (trial) => trial.failureRate);
const attempts = metric('attempts per request', (trial) => ratio(trial.attempts ?? trial.outcomes.sent, trial.outcomes.sent));
const orphaned = metric('orphaned', (trial) => trial.orphaned);
const failedLater = metric('failed later', (trial) => trial.failedLater);
const deadLettered = metric('dead-lettered', (trial) => trial.events?.deadLettered);
const lagP95 = metric('lag p95', (trial) => trial.events?.lag.p95);
const completion = metric('completion p50', (trial) => trial.events?.completionTime.p50);
const lost = metric('lost', (trial) => trial.events?.lost);
const duplicated = metric('share duplicated', ({ events }) => ratio(events?.duplicated, events?.acknowledged));
const appliedTwice = metric('share applied twice', ({ events }) => ratio(events?.appliedTwice, events?.acknowledged));
const outOfOrder = metric('share out of order', ({ events }) => ratio(events?.outOfOrder, events?.acknowledged));

function backlogGrowth(consumer: string): Metric {
  return metric(`${consumer} backlog per second`, ({ events }) => events?.consumers[consumer]?.backlog.slopePerSecond);
}

function callsPerRun(name: string): Metric {
  return metric(`${name} calls per run`, ({ steps }) => {
    const step = steps[name];
    return step && ratio(step.calls, step.ok + step.failed);
  });
}

function callsOf(name: string, ended: 'limited'): Metric {
  return metric(`${name} calls ${ended}`, ({ steps }) => steps[name] && (steps[name][ended] ?? 0));
}

function timeouts(name: string): Metric {
  return metric(`${name} timeouts per call`, ({ steps }) => ratio(steps[name]?.timeouts, steps[name]?.calls));
}

function shortCircuited(name: string): Metric {
  return metric(`${name} short-circuited`, ({ steps }) => steps[name]?.shortCircuited);
}

function ratio(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined || b === 0 ? null : a / b;
}

function claim(subject: string, at: number, what: Metric, expected: number, least: number, most: number): Claim {
  return { subject, at, metric: what, expected, least, most };
}

function live(...expectation: Parameters<typeof claim>): Claim {
  return { ...claim(...expectation), isLive: true };
}

/** Median response time of one kind of request. */
function p50Of(kind: string): Metric {
  return metric(`${kind} p50`, (trial) => trial.kinds?.[kind]?.responseTime.p50);
}

/** Messages of a consumer for each request that went well. */
function perGoodRequest(consumer: string): Metric {
  return metric(`${consumer} per good request`, ({ events, outcomes }) => ratio(events?.consumers[consumer]?.acknowledged, outcomes.ok));
}

/** The claims of every built-in scenario. */
export const STORIES: Record<string, Claim[]> = {
  checkout: [
    claim('sync/hybrid', 10, p50, 2.1, 1.9, 2.3), // (300 + 200 + 400 + 150) / (300 + 200)
    claim('hybrid', 500, p50, 600, 480, 1200), // 500 users / (250 workers / 0.3 s)
    claim('hybrid', 500, failures, 0, 0, 0.01),
    claim('sync', 500, failures, 0.95, 0.5, 1), // email does 50 of some 150 a second, the rest wait beyond 3 s
    claim('sync', 500, orphaned, 1000, 50, 1e6),
    claim('hybrid', 500, backlogGrowth('email'), 783, 250, 1000), // 833 orders less 50 mails a second
  ],
  'slow-email': [
    claim('sync/hybrid', 20, p50, 7.3, 6, 8.2), // 3650 / 500
    claim('sync', 20, p50, 3650, 3600, 4200),
    claim('hybrid', 20, failures, 0, 0, 0.01),
  ],
  'email-outage': [
    // 50 users fail every 0.5 s for 3 s, and succeed every 1.05 s for 7 s: 300 of 633; in 2 s most of them fail.
    claim('sync', 50, failures, 0.47, 0.2, 1),
    claim('sync', 50, orphaned, 300, 20, 1e5),
    claim('hybrid', 50, failures, 0, 0, 0.01),
    claim('hybrid', 50, deadLettered, 0, 0, 0), // 0.25 + 0.5 + 1 + 2 s of pauses outlast 3 s
  ],
  'audit-and-third-party': [
    claim('sync/hybrid', 50, p50, 2.19, 1.8, 2.6), // (250 + 150 + 80 + 400) / (250 + 150)
    claim('sync', 50, failures, 0.052, 0.005, 0.15), // 5 % errors, 0.2 % beyond 3 s
    claim('hybrid', 50, failures, 0, 0, 0.01),
  ],
  'flash-sale': [
    claim('sync/hybrid', 40, p50, 2.33, 1.9, 2.8), // 700 / 300
    claim('sync', 200, failures, 0.97, 0.6, 1),
    claim('hybrid', 200, failures, 0, 0, 0.01),
    claim('hybrid', 200, p50, 300, 290, 600),
    claim('hybrid', 200, backlogGrowth('email'), 150, 80, 220), // 200 orders less 50 mails a second
    claim('crashed', 200, lost, 150, 40, 250), // what came in more than was done, in a second
    claim('hybrid', 200, lost, 0, 0, 0),
  ],
  'retry-storm': [
    claim('naive', 150, failures, 0.97, 0.75, 1),
    claim('naive', 150, callsPerRun('pricing'), 3.9, 2.5, 4),
    claim('careful/naive', 150, failures, 0.16, 0, 0.85),
    claim('careful', 150, callsPerRun('pricing'), 1, 0.2, 1.3),
    claim('careful', 150, shortCircuited('pricing'), 100, 5, 1e4),
  ],
  'event-spam': [
    claim('spam/one', 40, p50, 1, 0.7, 1.5),
    claim('spam', 40, backlogGrowth('crm'), 53, 20, 110), // 8 x 40 messages less 40 workers / 0.15 s
    claim('one', 40, backlogGrowth('crm'), 0, -5, 5), // 40 messages of 267
  ],
  'bloated-payload': [
    claim('bloated/lean', 50, p50, 1, 0.7, 1.5),
    claim('bloated', 50, failures, 0, 0, 0.01),
  ],
  'publish-and-wait': [
    claim('wait/forget', 20, p50, 1.8, 1.6, 2), // (500 + 400) / 500
    claim('wait/parallel', 20, p50, 1, 0.9, 1.1),
  ],
  'convert-one-step': [
    claim('sync/analytics-moved', 20, p50, 1.17, 1.07, 1.27), // 1050 / 900
    claim('sync/email-moved', 20, p50, 1.62, 1.45, 1.8), // 1050 / 650
    claim('sync/hybrid', 20, p50, 2.1, 1.9, 2.3), // 1050 / 500
  ],
  duplicates: [
    claim('hasty', 40, timeouts('email'), 0.145, 0.06, 0.3), // lognormal: P(> 500 ms) with p50 200, p99 1500
    claim('patient', 40, timeouts('email'), 0.001, 0, 0.02),
    claim('hasty/patient', 40, p50, 1, 0.7, 1.5),
    claim('redelivered', 40, appliedTwice, 0.1, 0.03, 0.2),
    claim('inbox', 40, duplicated, 0.1, 0.03, 0.2),
    claim('inbox', 40, appliedTwice, 0, 0, 0),
  ],
  ordering: [
    claim('three', 40, outOfOrder, 0.067, 0.025, 0.13), // 10 % of the first and of the second of three
    live('overtaken', 40, outOfOrder, 0.067, 0.02, 0.13), // 10 % of the first and of the second of three
    claim('one', 40, outOfOrder, 0, 0, 0),
  ],
  'event-lag': [
    claim('starved/enough', 60, p50, 1, 0.7, 1.5),
    claim('starved', 60, lagP95, 7600, 1000, 20_000), // a second more each second; what starts in the 16 s is 8 s late
    claim('enough', 60, lagP95, 1, 0, 300),
    // The drain of --quick ends before the last of the late ones begin: of these it is known to be 940 ms or so at least.
    claim('late', 60, lagP95, 1000, 900, 2500),
  ],
  'lost-events': [
    claim('impatient', 50, failedLater, 60, 25, 90), // first tried in the first 1.2 s of the outage, 50 a second
    claim('patient', 50, failedLater, 0, 0, 0),
    claim('impatient', 50, failures, 0, 0, 0.01),
    claim('crashed', 50, lost, 45, 10, 60), // 50 a second, for a second less the 0.1 s that an order takes
    claim('patient', 50, lost, 0, 0, 0),
  ],
  'simple-crud': [
    claim('sync/hybrid', 50, p50, 1, 0.6, 1.6),
    claim('event-driven', 50, completion, 15, 12, 60),
  ],
  'immediate-consistency': [
    claim('sync/hybrid', 50, p50, 6, 3.5, 7), // 240 / 40
    claim('hybrid', 50, completion, 240, 235, 400),
    claim('event-driven', 50, completion, 240, 235, 400),
  ],
  'moderate-load': [
    claim('sync/hybrid', 5, p50, 1.78, 1.4, 2.1), // 160 / 90
    claim('sync/parallel', 10, p50, 1.14, 0.95, 1.35), // 160 / 140
    claim('sync', 10, p95, 160, 155, 350),
    claim('sync', 10, failures, 0, 0, 0.01),
  ],
  'client-case': [
    claim('sync/hybrid', 200, p50, 5.33, 3.8, 6), // 800 / 150
    claim('sync', 200, failures, 0.06, 0.01, 0.17), // 1 - 0.996^2 x 0.9735^2
    claim('hybrid', 200, failures, 0.008, 0, 0.04), // 1 - 0.996^2
    claim('sync', 2000, failures, 0.9, 0.45, 1), // email does 55 a second of some 300
    claim('hybrid', 2000, failures, 0.008, 0, 0.05),
    claim('hybrid', 2000, p50, 150, 145, 900),
    claim('hybrid', 2000, backlogGrowth('email'), 540, 200, 700), // 2000 / 3.35 s less 55
  ],
  'real-checkout': [
    claim('sync/parallel', 20, p50, 2.3, 1.6, 2.8),
    claim('parallel/hybrid', 20, p50, 1.02, 0.9, 1.2),
  ],
  'login-risk': [
    claim('sync/hybrid', 40, p50, 1.26, 1.1, 1.6), // the audit of 25 ms, of some 120
    claim('careless', 40, failures, 0.15, 0.03, 0.35), // of the risk answers are later than 200 ms
    claim('sync', 40, failures, 0, 0, 0.01),
  ],
  'ride-dispatch': [
    claim('sync/hybrid', 20, p50, 1.36, 1.1, 1.7), // (60 + 40 + 300 + 30 + 80 + 20) / (60 + 300 + 30)
    claim('parallel/hybrid', 20, p50, 1.21, 1, 1.5), // (60 + 300 + 30 + 80) / (60 + 300 + 30)
    claim('in-time', 20, failures, 0.11, 0, 0.35), // rides that take four drivers: 60 + 600
  ],
  'insurance-quote': [
    claim('sync/parallel', 15, p50, 2.17, 1.5, 3), // the sum of five partners against the slowest of them
    claim('parallel/hybrid', 15, p50, 1.17, 1, 1.5), // the CRM's 120 ms
    claim('sync', 15, failures, 0, 0, 0.01),
    claim('first-three/hybrid', 15, p95, 0.37, 0, 0.8), // three of five are hardly ever slow at once
  ],
  'image-upload': [
    claim('sync/hybrid', 2, p50, 9.17, 8, 10.5), // (120 + 400 + 500 + 80) / 120
    claim('parallel/hybrid', 2, p50, 5.83, 5, 6.7), // (120 + 500 + 80) / 120
    claim('hybrid', 10, completion, 700, 680, 950), // no sooner than in parallel
    claim('scaled', 10, p50, 120, 119, 250), // nobody waits for a moderator to begin
  ],
  'bank-transfer': [
    claim('sync/hybrid', 30, p50, 2.49, 2.2, 2.8), // (15 + 80 + 40 + 40 + 200 + 60) / (15 + 80 + 40 + 40)
    claim('hybrid', 30, perGoodRequest('letter'), 1, 1, 1),
    claim('early', 30, perGoodRequest('letter'), 1.02, 1, 1.15), // 2 % of the credits fail
    claim('saga', 30, orphaned, 0, 0, 0), // a reversal fails three times in a million
  ],
  telemetry: [
    claim('sync/hybrid', 20, p50, 4.2, 3.6, 4.8), // (5 + 20 + 50 + 30) / (5 + 20)
    claim('event-driven', 60, completion, 105, 100, 250),
    claim('event-driven', 60, failures, 0, 0, 0.01),
    claim('batched', 20, completion, 355, 100, 700), // 105, and half of the longest wait
  ],
  'sign-up': [
    claim('sync/hybrid', 5, p50, 4.33, 3.8, 4.8), // (12 + 60 + 150 + 90) / (12 + 60)
    claim('sync', 20, failures, 0.5, 0.15, 0.6), // 10 of 20 mails a second
    claim('hybrid', 20, failures, 0, 0, 0.01),
    claim('polite', 20, backlogGrowth('mail'), 10, 3, 14), // 20 sign-ups less 10 mails a second
  ],
  'search-fallback': [
    claim('sync/parallel', 50, p50, 1.64, 1.25, 2.2), // one read after another against the slowest of them
    claim('strict', 50, failures, 0.21, 0.05, 0.4), // 15 % of the ads, 4 % of the spellings and 3 % of the searches (8 % of 40 %) take longer
    claim('parallel', 50, failures, 0, 0, 0.01),
  ],
  'booking-hold': [
    claim('sync', 20, p50Of('book'), 570, 565, 740), // 10 + 40 + 30 + 250 + 20 + 180 + 40
    claim('hybrid', 20, p50Of('book'), 350, 345, 500), // without the mail
    claim('hybrid', 100, p50Of('search'), 50, 49, 120), // 10 + 40
  ],
  webhooks: [
    claim('sync/hybrid', 20, p50, 17.7, 13, 19), // (3 + 15 + 300) / (3 + 15)
    claim('sync', 20, failures, 0.003, 0, 0.06), // (1 - 0.95^3)^3
    claim('sync', 20, attempts, 1.16, 1, 1.4), // 1 + 0.143 + 0.143^2
    claim('paced', 20, callsOf('partner', 'limited'), 0, 0, 0),
    claim('best-effort', 20, failures, 0, 0, 0.01),
  ],
  'bulk-import': [
    claim('sync/hybrid', 5, p50, 3.2, 2, 5), // (100 + 8 rounds of 20 + 60) / 100
    claim('hybrid', 5, completion, 320, 220, 600),
    claim('scaled', 5, completion, 320, 220, 900), // as soon, but for what waits for a worker to start
  ],
  'chat-moderation': [
    claim('sync/hybrid', 40, p50, 1.67, 1.3, 2.2), // a push of 40 ms and the index's 20, of some 165
    claim('hybrid/later', 40, p50, 5, 3.3, 7), // (5 + 80 + 15) / (5 + 15)
  ],
};

/** The load that a trial was under. */
function loadOf({ load }: Trial): number {
  return load.model === 'closed' ? load.users : load.rate;
}

/** What was measured for a claim; null when a number is missing. */
export function observed({ subject, at, metric: { of: read } }: Claim, trials: readonly Trial[]): number | null {
  const valueOf = (name: string): number | null => {
    const trial = trials.find((candidate) => candidate.architecture === name && loadOf(candidate) === at);
    return trial?.state === 'measured' || trial?.state === 'simulated' ? (read(trial) ?? null) : null;
  };
  const [first = '', second] = subject.split('/');
  const value = valueOf(first);
  if (second === undefined || value === null) return value;
  return ratio(value, valueOf(second) ?? undefined);
}

/** One line for each claim of a scenario that its trials do not bear out; a missing number bears out nothing. */
export function contradictions(scenario: string, trials: readonly Trial[], claims = STORIES[scenario] ?? []): string[] {
  return claims.flatMap((story) => {
    const value = observed(story, trials);
    if (value !== null && value >= story.least && value <= story.most) return [];
    const { subject, at, expected, least, most } = story;
    return [`${scenario}: ${story.metric.name} of ${subject} at ${at}: ${value}, expected ${expected} (${least} to ${most})`];
  });
}

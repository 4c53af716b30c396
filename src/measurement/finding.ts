/**
 * What can be found about a run, one type for each kind: the numbers that it rests on, whom it is about, at which load. Times in
 * ms, shares as ratios; rates a second. A number that is left out is not known. Put into words by the report.
 */
import type { TrialLoad } from './trial-record.js';

/** Two subjects under one load; `architecture` is the better one. */
interface PairNumbers {
  /** `otherTime` / `time`; 0 where there is no time. */
  factor: number;
  /** Response times at the percentile `metric`. */
  time: number;
  otherTime: number;
  failureRate: number;
  otherFailureRate: number;
  /** Shares of the requests that were told "ok", and whose work died. */
  later?: number;
  otherLater?: number;
  /** By so much they have to differ. */
  margin: number;
}

interface PairNames {
  than: string;
  metric: string;
}

interface Pair {
  numbers: PairNumbers;
  names: PairNames;
}

/** What was asked for, as `advise` asks where nobody names goals, and which of it is missed: names of goals, comma between. */
interface Goals {
  numbers: { limit: number; failures: number; within: number };
  names: { than: string; missed: string; still: string };
}

/** Numbers and names of each kind. */
interface Facts {
  /** A trial without numbers, and one whose numbers cannot be trusted, in so many of its rounds. */
  unmeasured: { numbers: { rounds: number; of: number }; names: { reason: string } };
  invalid: { numbers: { rounds: number; of: number }; names: { reason: string } };

  faster: Pair;
  'more-reliable': Pair;
  'no-difference': Pair;
  'too-few': Pair;
  'both-fail': Pair;
  'parallel-wins': Pair;
  /** It answers sooner, and has only accepted: when 95 of 100 were complete, how many of those accepted were not. */
  accepts: { numbers: PairNumbers & { completionP95?: number; incomplete?: number; accepted?: number }; names: PairNames & { noun?: string } };
  /** `how`: the outcome of most. */
  'everything-failed': { numbers: { sent: number; failureRate: number }; names: { how: string } };
  /** At no load does any of the `rivals` gain anything. */
  'stay-with-requests': { numbers: { loads: number }; names: { rivals: string } };
  /** At the worst load, against `limit` and `failures`. */
  'within-goals': { numbers: { p95: number; failureRate: number; limit: number; failures: number }; names: { than: string } };
  'meets-goals': Goals;
  'closest-to-goals': Goals;

  /** Orders that both took, and what both do at the same `rate`: median response times, failures, the backlog of `consumer`. */
  'same-orders': {
    numbers: {
      orders: number;
      otherOrders: number;
      rate: number;
      failureRate: number;
      otherFailureRate: number;
      time?: number;
      otherTime?: number;
      slope?: number;
      workers?: number;
      workersNeeded?: number;
    };
    names: { than: string; consumer?: string };
  };

  /** `capacity`, `demand`: requests a second; `wait`, `service`, `work`: ms of a call, and of all calls of a request; `knee`: users. */
  bottleneck: {
    numbers: { utilisation: number; workers: number; capacity: number; demand: number; workersNeeded: number; wait: number; service: number; work: number; knee: number };
    names: { step: string; service: string };
  };
  /** A `rate` of calls a second, that of the service or the step's own as `limit` says; `perRequest`: calls that it counts for one request. */
  'rate-limit': { numbers: { rate: number; perRequest: number; capacity: number; demand: number; refused: number; held: number; knee: number }; names: { step: string; service: string; limit: 'service' | 'step' } };
  /** Calls of the `steps`, comma between, wait for one of the `connections`: `hold`, ms that a request holds one; `capacity`, `demand`: requests a second. */
  pool: { numbers: { connections: number; wait: number; hold: number; service: number; capacity: number; demand: number; needed: number }; names: { pool: string; steps: string } };
  /** Runs of the step that failed, calls of them that failed as `how` says, their share of all runs that failed. */
  failures: { numbers: { failed: number; most: number; share: number; failureRate: number }; names: { step: string; service: string; how: string } };
  /** Told "failed" although one of the `critical` steps had succeeded. */
  orphaned: { numbers: { orphaned: number; sent: number; critical: number }; names: { steps: string; noun: string } };

  lost: { numbers: { lost: number; acknowledged: number }; names: { faults?: string } };
  /** `consumer` gave most of them up, its calls failed most as `how` says. Records that are older than the `noun` are about orders. */
  'failed-later': { numbers: { failedLater: number; ok: number }; names: { noun?: string; consumer?: string; how?: string } };
  /** `end`: events that wait in the end; `inHand`: those of a consumer that keeps up. `shared`: the service that others call too; `limit`: whose `rate` holds it back. */
  'backlog-grows': {
    numbers: { slope: number; arrivalRate: number; processingRate: number; end: number; pending: number; inHand: number; workers?: number; workersNeeded?: number; rate?: number; drainSeconds?: number };
    names: { consumer: string; service: string; shared?: string; limit?: 'consumer' | 'service' };
  };
  'keeps-up': { numbers: { lagP95: number; completionP95: number }; names: { noun: string } };
}

export type FindingKind = keyof Facts;

/** A finding of one of these kinds. `load` is null where it is about all of them. */
export type Found<K extends FindingKind = FindingKind> = {
  [P in K]: { kind: P; architecture: string; load: TrialLoad | null } & Facts[P];
}[K];

/** Any finding. */
export type Finding = Found;

/** Whether a finding is of one of these kinds. */
export function isOf<K extends FindingKind>(finding: Finding, ...kinds: readonly K[]): finding is Found<K> & Finding {
  return (kinds as readonly string[]).includes(finding.kind);
}

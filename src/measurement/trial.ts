/** Everything that the processes of a trial reported, folded into its result. Pure. */
import type { ConsumersReport, ServerReport } from '../architectures/architecture.js';
import type { HistoryEntry } from '../events/history.js';
import type { LoadResult } from '../load/load.js';
import type { Usage } from '../processes/usage.js';
import { callGraphOf } from '../scenarios/architectures.js';
import type { Subject } from '../scenarios/subject.js';
import type { ServiceReport } from '../services/services.js';
import { attemptFigures, countAttempts, countUnreached, lastAttempts } from './attempts.js';
import { causeNotes, mergeCauses, unreadProblems } from './causes.js';
import { countFailedLater, countOrphaned, countRepeatedEffects, outcomesByRequest } from './false-replies.js';
import { foldEvents } from './events.js';
import { idealSummary } from './ideal.js';
import type { Held } from './event-timelines.js';
import { kindColumn, kindResults, publisherOf } from './kinds.js';
import { foldSamples } from './outcomes.js';
import { bookFaults, faultNotes } from './fault-accounting.js';
import type { FaultMark, MeasuredTrial, TrialHead, Validity } from './record.js';
import { payloadNotes } from './publishing.js';
import { encodeSamples, samplesOf } from './samples.js';
import { stageResults } from './stages.js';
import { stepResults } from './steps.js';
import { flowOf, judgeValidity } from './validity.js';
import type { Window } from './window.js';

/** What the processes of a trial saw. */
export interface Reports {
  server: Omit<ServerReport, 'held'>;
  /** Without a usage of their own, they were in the server's process. */
  services: { services: ServiceReport[]; usage: Usage | null };
  /** Of consumers in a process of their own. */
  consumers?: ConsumersReport;
  /** What all processes wrote, where the server's report has no history. */
  history?: readonly HistoryEntry[];
  /** What the bus held at the moment at which the history ends, or before; without it the bus lived and forgets nothing. */
  held?: Held;
}

/** A trial as its processes reported it. */
export interface RawTrial extends Reports {
  head: TrialHead;
  subject: Subject;
  seed: number;
  window: Window;
  /** Without a usage, it came from an engine that does not tell how busy it was. */
  load: Omit<LoadResult, 'usage' | 'window' | 'connections'> & Partial<Pick<LoadResult, 'window' | 'connections'>> & { usage: Usage | null };
  /** What went wrong with processes on purpose; undefined: no fault was asked for. */
  faults?: FaultMark[];
}

export function measureTrial(raw: RawTrial): MeasuredTrial {
  const { head, subject, seed, window, load, server, services, consumers } = raw;
  const { observations } = load;
  const seconds = window.duration / 1000;
  const kind = kindColumn(subject, seed, observations);
  const samples = { ...samplesOf(observations, window.startAt), ...(kind && { kind }) };
  const figures = foldSamples(samples, seconds);
  const history = raw.history ?? server.history;
  const publishes = publisherOf(subject, seed);
  const events = callGraphOf(subject).streams.length > 0
    ? foldEvents(history, subject, window, observations, { seed, held: raw.held ?? 'everything', scaled: { ...server.scaled, ...consumers?.scaled } }, publishes)
    : null;
  const received = bookFaults({ received: server.received, unreached: countUnreached(observations) }, observations, raw.faults);
  const processes = usages(raw);
  const publishingNotes = events ? payloadNotes(events.publishing) : [];
  const causes = mergeCauses([server.causes, consumers?.causes, load.causes]);
  const outcomes = outcomesByRequest(observations);
  const published = new Map([...outcomes].filter(([request]) => publishes(request)));
  const kinds = kindResults({ subject, seed, window, observations, samples, outcomes, services: services.services, ledger: events?.ledger ?? null, publishes });
  const stages = stageResults({ ramp: head.load.ramp, samples, backlog: events?.result.backlog ?? null });
  return {
    ...head,
    state: 'measured',
    window: { startedAt: window.startedAt, seconds, warmupSeconds: window.warmup / 1000 },
    ...figures,
    ...attemptFigures(observations, countRepeatedEffects(observations, subject, services.services)),
    ...(kinds ? { kinds } : {}),
    ...(stages ? { stages } : {}),
    ideal: idealSummary(subject, seed),
    server: received,
    ...(raw.faults ? { faults: raw.faults } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    schedule: load.schedule,
    orphaned: countOrphaned(outcomes, subject, services.services),
    failedLater: events ? countFailedLater(published, events.ledger.requests, lastAttempts(observations)) : 0,
    steps: stepResults(subject, [...server.steps, ...(consumers?.steps ?? [])], services.services),
    events: events?.result ?? null,
    processes,
    validity: withNotes([...realServiceNotes(subject), ...faultNotes(subject, raw.faults ?? [], received), ...causeNotes(causes), ...publishingNotes], withProblems(unreadProblems(causes, events?.result.consumers ?? {}, raw.faults), judgeValidity({
      outcomes: figures.outcomes,
      attempts: countAttempts(observations),
      server: received,
      processes,
      load: head.load,
      schedule: load.schedule,
      flow: flowOf(observations, window),
      events: events?.result ?? null,
      faults: raw.faults ?? [],
    }))),
    samples: encodeSamples(samples),
  };
}

/** What makes it invalid beside what judges every trial. */
function withProblems(problems: readonly string[], validity: Validity): Validity {
  return { ...validity, valid: validity.valid && problems.length === 0, problems: [...problems, ...validity.problems] };
}

/** What the prediction of a chain with real services stands on. */
function realServiceNotes({ services }: Subject): string[] {
  return services.flatMap(({ name, endpoint, latency }) => {
    if (!endpoint || latency.kind !== 'values') return [];
    const p50 = latency.values[latency.values.length >> 1] ?? 0;
    return [`${name} is a real service: what is predicted takes the ${latency.values.length} calls that it was measured by alone (p50 ${p50.toFixed(1)} ms), and that it serves any number at once.`];
  });
}

/** What was done on purpose comes before what it led to. */
function withNotes(notes: readonly string[], validity: Validity): Validity {
  return { ...validity, notes: [...notes, ...validity.notes] };
}

function usages({ load, server, services, consumers }: RawTrial): Record<string, Usage> {
  const own = { ...(load.usage ? { load: load.usage } : {}), server: server.usage, ...(services.usage ? { services: services.usage } : {}) };
  return consumers ? { ...own, consumers: consumers.usage } : own;
}

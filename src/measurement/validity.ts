/** Whether the numbers of a trial are those of the architecture, or those of the machine and the bookkeeping. */
import { LATE_MS, type Observations, type Schedule } from '../load/load.js';
import type { Usage } from '../processes/usage.js';
import { isFaulty } from './fault-accounting.js';
import type { Calibration, FaultMark, LedgerCounts, MeasuredTrial, TrialLoad, Validity } from './record.js';
import type { Window } from './window.js';

/** Beyond these the numbers are the machine's. */
export const VALIDITY_LIMITS = {
  /** Share of the window that an event loop was busy. */
  busy: 0.95,
  /** 99th percentile of an event loop's delay, ms: worth a note, and too much for any response time. */
  delayNote: 20,
  delay: 100,
  /** Share of the periods of a quota of CPU in which it was used up; fewer are worth a note. */
  throttled: 0.01,
  /** Share of the processors' time that others took, from which it is worth a note. */
  stolen: 0.01,
  /** 99th percentile of how late the schedule of the open model was kept, ms. */
  lateness: LATE_MS,
  /** Relative distance between requests in flight and rate times response time, beyond which the trial was not steady. */
  unsteady: 0.2,
  /** Distance of an unloaded request from what its services take, ms and as a share of it: either is allowed. */
  calibration: 20,
  calibrationShare: 0.05,
  /** Requests in flight beyond the number of users, as a share: more than that are not users'. */
  excess: 0.01,
} as const;

/** What the judgement rests on. */
export interface Evidence {
  outcomes: MeasuredTrial['outcomes'];
  /** Attempts of these requests, where clients sent some again. */
  attempts?: number;
  server: MeasuredTrial['server'];
  processes: Readonly<Record<string, Usage>>;
  load: TrialLoad;
  schedule: Schedule;
  flow: Flow;
  /** Requests that were sent again on another connection: the server may have counted them twice. */
  retried?: number;
  events: LedgerCounts | null;
  /** A process that was killed or stopped on purpose is late for that. */
  faults?: readonly FaultMark[];
}

export function judgeValidity(evidence: Evidence): Validity {
  const processes = healthyProcesses(evidence);
  const problems = [
    ...sampleProblems(evidence),
    ...bookProblems(evidence),
    ...machineSentences(processes),
    ...scheduleProblems(evidence),
    ...flowProblems(evidence),
  ];
  const notes = [
    ...receivedNotes(evidence),
    ...delayNotes(processes),
    ...throttlingNotes(processes),
    ...stolenNotes(evidence),
    ...unsentNotes(evidence),
    ...flowNotes(evidence),
  ];
  return { valid: problems.length === 0, problems, notes };
}

/** Requests in flight within the window, and the two factors that Little's law says they are the product of. */
export interface Flow {
  /** Average over the time of the window, whoever was there: late requests of the warm-up too. */
  inFlight: number;
  /** Requests begun in the window, per second. */
  rate: number;
  /** Mean time that these were in flight, ms, however they ended: rate, time, throughput and failures are of the same requests. */
  time: number;
}

/** Reads the flow from the observations, each part on its own: in flight by areas, the others by counting. */
export function flowOf({ index, intendedAt, endedAt }: Observations, { startAt, duration }: Window): Flow {
  const endAt = startAt + duration;
  let area = 0;
  let begun = 0;
  let time = 0;
  for (let row = 0; row < index.length; row++) {
    const from = intendedAt[row] ?? 0;
    const to = endedAt[row] ?? 0;
    area += Math.max(0, Math.min(to, endAt) - Math.max(from, startAt));
    if ((index[row] ?? -1) < 0) continue;
    begun++;
    time += to - from;
  }
  return { inFlight: area / duration, rate: begun / (duration / 1000), time: begun === 0 ? 0 : time / begun };
}

function sampleProblems({ outcomes }: Evidence): string[] {
  return outcomes.sent === 0 ? ['No request was sent within the window: there is nothing to measure. Make it longer.'] : [];
}

function bookProblems({ outcomes, attempts, server, events, retried = 0 }: Evidence): string[] {
  const { sent, ...ends } = outcomes;
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  const problems: string[] = [];
  if (ended !== sent) problems.push(`The books do not balance: ${sent} requests were sent, and ${ended} ended.`);
  problems.push(...serverProblems({ sent, attempts: attempts ?? sent }, server, { fewer: outcomes.stale, more: retried }));
  if (events) problems.push(...eventProblems(events));
  return problems;
}

/** @param unsure what may have reached the server or not: requests on connections that it was closing */
function serverProblems({ sent, attempts }: { sent: number; attempts: number }, { received, unreached, uncounted = 0 }: MeasuredTrial['server'], unsure: { fewer: number; more: number }): string[] {
  if (received === null) return [];
  const missing = attempts - received - unreached - uncounted;
  if (missing <= unsure.fewer && missing >= -unsure.more) return [];
  return [
    `The books do not balance: ${sent} requests were sent${attempts > sent ? ` in ${attempts} attempts` : ''}, but the server received ${received}` +
      `${unreached > 0 ? ` and ${unreached} reached no server` : ''}: ` +
      `${Math.abs(missing)} ${missing > 0 ? 'are missing' : 'too many'}.`,
  ];
}

function eventProblems({ acknowledged, processed, deadLettered, pending, lost }: LedgerCounts): string[] {
  const placed = processed + deadLettered + pending + lost;
  if (placed === acknowledged) return [];
  return [`The books of the events do not balance: ${acknowledged} were acknowledged, and ${placed} are accounted for.`];
}

/** What the report calls each process. */
const PROCESS_NAMES: Record<string, string> = {
  load: 'load generator',
  server: 'server',
  services: 'process of the simulated services',
  consumers: 'process of the consumers',
};

/** What is held against the machine: not of processes that were killed or stopped on purpose. */
type MachineEvidence = Pick<Evidence, 'processes' | 'faults'>;

function healthyProcesses({ processes, faults = [] }: MachineEvidence): Record<string, Usage> {
  return Object.fromEntries(Object.entries(processes).filter(([name]) => !isFaulty(name, faults)));
}

/** Problems of a machine that had no time left. */
export function machineProblems(evidence: MachineEvidence): string[] {
  return machineSentences(healthyProcesses(evidence));
}

/** Whether a trial is not valid because the machine, and not what was measured, had no time left. */
export function isMachines({ processes, faults = [], schedule, load }: MeasuredTrial): boolean {
  return machineProblems({ processes, faults }).length > 0 || (schedule !== undefined && scheduleProblems({ load, schedule }).length > 0);
}

/** The process that reacted latest: how late, ms, in words as well; null when none was measured. */
export function latestProcess(evidence: MachineEvidence): { ms: number; note: string } | null {
  const [latest] = Object.entries(healthyProcesses(evidence)).toSorted(([, a], [, b]) => b.delayP99 - a.delayP99);
  return latest ? { ms: latest[1].delayP99, note: delayNote(...latest) } : null;
}

function machineSentences(processes: Readonly<Record<string, Usage>>): string[] {
  return [...usageProblems(processes), ...throttlingOf(processes).filter(({ share }) => share > VALIDITY_LIMITS.throttled).map(({ said }) => `${said}: these response times are the machine's.`)];
}

function throttlingNotes(processes: Readonly<Record<string, Usage>>): string[] {
  return throttlingOf(processes).filter(({ share }) => share > 0 && share <= VALIDITY_LIMITS.throttled).map(({ said }) => `${said}.`);
}

/**
 * Time that a hypervisor gave to other machines: on the machine it took most from, ms of each of its processors, in words as well. Null where that is not worth a note.
 * A process that was killed or stopped knows it as well as others.
 */
export function stolenTime({ processes }: Pick<Evidence, 'processes'>): { ms: number; note: string } | null {
  const [most] = Object.values(processes).toSorted((a, b) => (b.stolen ?? 0) - (a.stolen ?? 0));
  const { stolen = 0, elapsed = 0 } = most ?? {};
  if (stolen < VALIDITY_LIMITS.stolen) return null;
  return { ms: stolen * elapsed, note: `Other machines on the same host took ${percent(stolen)} of the processors' time (steal): response times may be longer for it.` };
}

function stolenNotes(evidence: Evidence): string[] {
  const stolen = stolenTime(evidence);
  return stolen ? [stolen.note] : [];
}

/** How often each process had to wait for its quota of CPU. */
function throttlingOf(processes: Readonly<Record<string, Usage>>): { share: number; said: string }[] {
  return Object.entries(processes).flatMap(([key, { throttling }]) => {
    if (!throttling) return [];
    const { periods, throttled } = throttling;
    return [{ share: throttled / periods, said: `The ${PROCESS_NAMES[key] ?? key} had to wait for its quota of CPU in ${throttled} of ${periods} periods` }];
  });
}

function usageProblems(processes: Readonly<Record<string, Usage>>): string[] {
  return Object.entries(processes).flatMap(([key, { eventLoop, delayP99 }]) => {
    const name = `The ${PROCESS_NAMES[key] ?? key}`;
    if (eventLoop > VALIDITY_LIMITS.busy) {
      return [`${name} was busy ${percent(eventLoop)} of the time: these response times are the machine's.`];
    }
    if (delayP99 <= VALIDITY_LIMITS.delay) return [];
    return [`${name} reacted ${ms(delayP99)} late (99th percentile): these response times are the machine's.`];
  });
}

function delayNotes(processes: Readonly<Record<string, Usage>>): string[] {
  return Object.entries(processes)
    .filter(([, { delayP99 }]) => delayP99 > VALIDITY_LIMITS.delayNote && delayP99 <= VALIDITY_LIMITS.delay)
    .map(([key, usage]) => delayNote(key, usage));
}

function delayNote(key: string, { delayP99 }: Usage): string {
  return `The ${PROCESS_NAMES[key] ?? key} reacted ${ms(delayP99)} late (99th percentile).`;
}

function scheduleProblems({ load, schedule: { lateness } }: Pick<Evidence, 'load' | 'schedule'>): string[] {
  if (load.model !== 'open' || lateness.p99 <= VALIDITY_LIMITS.lateness) return [];
  return [
    `Requests were sent ${ms(lateness.p99)} after their time (99th percentile): ` +
      'the load generator did not keep to its schedule.',
  ];
}

function receivedNotes({ server: { received } }: Evidence): string[] {
  return received === null ? ['The server does not tell how many requests it received: the books have one side only.'] : [];
}

/** They are in the books as failures: the architecture kept too many in flight, or there were too few connections. */
function unsentNotes({ schedule: { unsent } }: Evidence): string[] {
  return unsent === 0 ? [] : [`${unsent} requests were due and not sent, because every connection was taken: they failed.`];
}

/** What an unloaded request took against arithmetic, as a problem; null when there is none. */
export function calibrationProblem({ measured, ideal }: Calibration): string | null {
  const { calibration, calibrationShare } = VALIDITY_LIMITS;
  const distance = measured - ideal;
  if (Math.abs(distance) <= Math.max(calibration, calibrationShare * ideal)) return null;
  const why = distance > 0 ? "these response times are the machine's" : 'the services were faster than they should be';
  return `With nothing waiting a request took ${ms(measured)}, and its services take ${ms(ideal)}: ${why}.`;
}

/** A user has one request in flight at most: more cannot be. */
function flowProblems({ load, flow }: Evidence): string[] {
  if (load.model !== 'closed' || flow.inFlight <= load.users * (1 + VALIDITY_LIMITS.excess)) return [];
  return [
    `On average ${round(flow.inFlight)} requests were in flight, from ${load.users} users: ` +
      'response times or counts are wrong.',
  ];
}

/** How a note begins that says that a trial was not steady. */
export const NOT_STEADY = 'Not steady:';

/** Little's law holds of what is steady; where it does not, queues grew or shrank within the window. */
function flowNotes({ flow, load }: Evidence): string[] {
  // A ramp is not meant to be steady.
  if (load.ramp) return [];
  const product = flow.rate * (flow.time / 1000);
  const distance = Math.abs(product - flow.inFlight);
  if (distance <= VALIDITY_LIMITS.unsteady * Math.max(product, flow.inFlight)) return [];
  return [
    `${NOT_STEADY} on average ${round(flow.inFlight)} requests were in flight, but those begun in the window, ` +
      `${round(flow.rate)} a second of ${ms(flow.time)} each, make ${round(product)}.`,
  ];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function ms(value: number): string {
  return `${value < 1 ? Number(value.toPrecision(1)) : Math.round(value)} ms`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

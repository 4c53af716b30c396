/** What is under load in a trial, whatever it is: the simulated services with an architecture, or a server of one's own. */
import type { LoadJob, LoadResult, MeasuredWindow } from '../load/load.js';
import type { MeasuredTrial, TrialHead } from '../measurement/record.js';
import { measureTarget } from '../measurement/target.js';
import { measureTrial } from '../measurement/trial.js';
import type { Window } from '../measurement/window.js';
import { publishesEvents } from '../scenarios/scenario.js';
import { isTarget, type Measurable, type Subject } from '../scenarios/subject.js';
import type { Target } from '../scenarios/target.js';
import { FaultPlan } from './faults.js';
import { startServing, type ProcessGroup } from './processes.js';
import { startTarget } from './target/command.js';
import { askedFor, readCount } from './target/counter.js';

/** What a load generator is told of a system. */
export type SystemRequest = Pick<LoadJob, 'url' | 'method' | 'headers' | 'body' | 'expect'>;

/** A load that is over. */
export interface LoadedTrial {
  head: TrialHead;
  window: Window;
  load: LoadResult;
}

/** A system that serves. */
export interface System {
  request: SystemRequest;
  /** Tells it the measured window, before that begins; its end may be told again. */
  window(window: MeasuredWindow): Promise<void>;
  /** Events waiting, all consumers together; null where there are none. */
  backlog(): Promise<number | null>;
  /** Resolves when nothing waits any more, or after `within` ms. */
  drain(within: number): Promise<void>;
  /** Asks for what it saw, and folds all into the result. */
  measure(trial: LoadedTrial): Promise<MeasuredTrial>;
}

/** Starts what is measured, in processes of its own. @throws UserError when a server of one's own does not serve */
export function startSystem(group: ProcessGroup, measurable: Measurable, seed: number): Promise<System> {
  return isTarget(measurable) ? targetSystem(group, measurable) : simulatedSystem(group, measurable, seed);
}

async function simulatedSystem(group: ProcessGroup, subject: Subject, seed: number): Promise<System> {
  const { services, server, url } = await startServing(group, subject, seed);
  const hasEvents = publishesEvents(subject.architecture);
  const faults = new FaultPlan(subject.faults, { server }, (error) => group.fail(error));
  return {
    request: { url: `${url}/orders`, method: 'POST', headers: {}, body: '' },
    window: async (window) => {
      await Promise.all([services.calls.window(window), server.observe(window)]);
      faults.schedule(window);
    },
    backlog: async () => (hasEvents ? sum(Object.values(await server.calls.backlog(undefined))) : null),
    drain: async (within) => {
      await faults.settled();
      if (hasEvents) await server.calls.drain({ within });
    },
    measure: async (trial) => {
      const held = await server.calls.held(undefined);
      const [serverReport, servicesReport] = await Promise.all([server.report(), services.calls.report(undefined)]);
      const faulted = subject.faults.length > 0 ? { faults: faults.marks } : {};
      return measureTrial({ ...trial, subject, seed, server: serverReport, services: servicesReport, held, ...faulted });
    },
  };
}

async function targetSystem(group: ProcessGroup, target: Target): Promise<System> {
  await startTarget(group, target);
  const before = await readCount(target);
  const { url, method, headers, body, expect } = target;
  return {
    request: { url, method, headers, body, expect },
    window: async () => {},
    backlog: async () => null,
    drain: async () => {},
    measure: async (trial) => {
      const after = await readCount(target);
      const received = before === null || after === null ? null : after - before - askedFor(target);
      return measureTarget({ ...trial, received });
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Processes that are killed beside buses of their own: what was acknowledged is not lost. */
import { describe, expect, it } from 'vitest';
import { busSettings } from '../../src/events/settings.js';
import type { BusName } from '../../src/events/buses.js';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { runTrial } from '../../src/experiment/trial.js';
import type { EventsResult, MeasuredTrial } from '../../src/measurement/record.js';
import { type Fault, parseFault } from '../../src/scenarios/fault.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { needs } from '../support/needs.js';

/** The story of a crash in a short window, with time enough for a broker to deliver again what a dead consumer had. */
async function lostEvents(bus: BusName, ...sentences: string[]): Promise<MeasuredTrial> {
  const scenario = builtIn('lost-events') as Scenario;
  const crashed = subjectOf(scenario, 'crashed') as Subject;
  const faults = sentences.map((text) => (parseFault(text) as { fault: Fault }).fault);
  const subject = { ...crashed, faults: faults.length > 0 ? faults : crashed.faults };
  const load = { ...scenario.load, duration: 2500, warmup: 500, drain: 20_000 };
  const [trial] = planTrials({ ...scenario, load }, [subject], 1, busSettings({ bus })).trials;
  return runTrial({ ...(trial as TrialPlan), calibrate: false }, new AbortController().signal, () => {});
}

function booksOf({ events, validity, failedLater, outcomes }: MeasuredTrial) {
  const { acknowledged, processed, lost, pending, deadLettered, appliedTwice } = events as EventsResult;
  const problems = validity.problems.filter((problem) => problem.includes('books'));
  const isTold = outcomes.ok <= acknowledged && acknowledged > 20;
  return { unfinished: acknowledged - processed, lost, pending, deadLettered, appliedTwice, failedLater, isTold, problems };
}

const NOTHING_LOST = { unfinished: 0, lost: 0, pending: 0, deadLettered: 0, appliedTwice: 0, failedLater: 0, isTold: true, problems: [] };

describe('lost-events loses nothing', () => {
  it('on the outbox, whose server is killed', { timeout: 60_000 }, async () => {
    expect(booksOf(await lostEvents('outbox'))).toEqual(NOTHING_LOST);
  });

  for (const bus of ['nats', 'redis', 'bullmq', 'postgres', 'kafka', 'sqs'] as const) {
    it(`on ${bus}, when server, consumers and broker are killed one after another`, { timeout: 90_000, ...needs(bus) }, async () => {
      const trial = await lostEvents(bus, 'crash broker at 700ms for 200ms', 'crash consumer at 1.2s for 100ms', 'crash server at 1.6s for 100ms');
      expect(booksOf(trial)).toEqual(NOTHING_LOST);
      expect(trial.faults?.length).toBeGreaterThan(0);
      expect(trial.faults?.filter(({ until }) => until === null)).toEqual([]);
    });
  }
});

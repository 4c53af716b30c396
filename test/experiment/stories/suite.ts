/**
 * The stories of the event tips on every bus that is no queue in the server: by counts, and by times that no machine makes shorter. A
 * broker serves all stories of its bus, as one of the user's own does, and a file of this folder is a bus, so that two take turns on
 * two cores. That `lost-events` loses none is in `faults-buses.live.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLoad, type LoadOptions } from '../../../src/cli/scenario.js';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { BROKERS, BUSES, hasPrivateBroker, type BusName } from '../../../src/events/buses.js';
import { busSettings } from '../../../src/events/settings.js';
import { planTrials, type TrialPlan } from '../../../src/experiment/plan.js';
import { runTrial } from '../../../src/experiment/trial.js';
import type { EventsResult, MeasuredTrial } from '../../../src/measurement/record.js';
import { builtIn } from '../../../src/scenarios/library/library.js';
import type { Scenario } from '../../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../../src/scenarios/subject.js';
import { STORIES, type Claim } from '../../scenarios/stories.js';
import { claimShare } from '../../support/claims.js';
import { emptiness, telling, unfitness, type Judged } from '../../support/live.js';
import { needs } from '../../support/needs.js';

const WINDOW = 3000;
const DRAIN = 10_000;
/** Share of the messages that are overtaken where the bus does not keep them in order. */
const OVERTAKEN = (STORIES.ordering ?? []).find(({ isLive, subject }) => isLive && subject === 'overtaken') as Claim;
/** Of `event-lag`: twelve workers and 400 ms a mail. */
const STARVED = { workers: 12, call: 400 };
/** Of `flash-sale`: twenty workers and 400 ms a mail, of which a timer may take 1 ms off. */
const MAILS = { workers: 20, call: 399 };
/** Twice as many orders as mails, and no end before all are sent. */
const RUSH = { rate: [100], drain: 60_000 };
/** Share of its orders, where the machine has not failed them. */
const MOST_FAILURES = 0.01;

export function describeStories(bus: BusName): void {
  describe(`the stories on ${bus}`, { timeout: 300_000, ...needs(...BROKERS.filter((kind) => kind === bus)) }, () => {
    let broker: Broker | undefined;
    beforeAll(async () => {
      if (hasPrivateBroker(bus)) broker = await startBroker(bus);
    }, 90_000);
    afterAll(() => broker?.stop());

    const measured = async (context: Judged, story: string, variant: string, load: LoadOptions): Promise<MeasuredTrial> => {
      const scenario = withLoad(builtIn(story) as Scenario, { duration: WINDOW, warmup: 500, drain: DRAIN, ...load });
      const settings = busSettings(broker ? { bus, busUrl: broker.url } : { bus }, {});
      const plan = planTrials(scenario, [subjectOf(scenario, variant) as Subject], 1, settings).trials.at(-1) as TrialPlan;
      const trial = await telling(context, () => runTrial({ ...plan, calibrate: false }, new AbortController().signal, () => {}), emptiness);
      expect(trial.validity.problems.filter((problem) => problem.startsWith('The books'))).toEqual([]);
      const { lost, unexpected } = trial.events as EventsResult;
      expect([lost, unexpected]).toEqual([0, 0]);
      return trial;
    };
    const told = async (context: Judged, story: string, variant: string, load: LoadOptions = {}): Promise<EventsResult> =>
      (await measured(context, story, variant, load)).events as EventsResult;

    it('duplicates: what comes twice takes effect twice, and once with an inbox', async (context) => {
      const redelivered = await told(context, 'duplicates', 'redelivered');
      expect(claimShare(redelivered.appliedTwice, redelivered.processed, 0.1)).not.toBe('excluded');
      const inbox = await told(context, 'duplicates', 'inbox');
      expect([inbox.duplicated > 0, inbox.appliedTwice]).toEqual([true, 0]);
    });

    it('ordering: messages of one order are overtaken, unless the bus keeps them one behind the other', async (context) => {
      const { outOfOrder, processed } = await told(context, 'ordering', 'overtaken');
      const [most, least] = BUSES[bus].capabilities.order === 'subject' ? [0, 0] : [OVERTAKEN.most, OVERTAKEN.least];
      expect(claimShare(outOfOrder, processed, least, most)).not.toBe('excluded');
      expect(outOfOrder > 0).toBe(most > 0);
    });

    it('event-lag: a consumer with half of the workers falls behind, and a late delivery shows in the lag', async (context) => {
      const starved = await told(context, 'event-lag', 'starved', { drain: 0 });
      // So many at once and no more, those of the warm-up included; and once more while the trial ends.
      const most = STARVED.workers * (2 + Math.ceil((WINDOW + 500) / STARVED.call));
      expect(starved.processed).toBeLessThanOrEqual(most);
      expect(starved.pending).toBe(starved.acknowledged - starved.processed);
      expect(starved.pending).toBeGreaterThan(0);
      const late = await told(context, 'event-lag', 'late');
      expect(late.lag.p95).toBeGreaterThanOrEqual(1000);
    });

    it('flash-sale: all orders of the rush are taken, and their mails wait until each is sent', async (context) => {
      const trial = await measured(context, 'flash-sale', 'hybrid', RUSH);
      const { outcomes, failedLater } = trial;
      const { acknowledged, pending, deadLettered, processed, completionTime } = trial.events as EventsResult;
      expect([processed, pending, deadLettered, failedLater]).toEqual([acknowledged, 0, 0, 0]);
      const failures = unfitness(trial).length > 0 ? 'open' : claimShare(outcomes.sent - outcomes.ok, outcomes.sent, 0, MOST_FAILURES);
      expect(failures).not.toBe('excluded');
      // So long do so many mails take from the first order on, and that of the last one was placed within the window.
      expect(completionTime.max).toBeGreaterThanOrEqual(Math.ceil(acknowledged / MAILS.workers) * MAILS.call - WINDOW);
    });

    it('flash-sale: what was taken survives the death of the server', async (context) => {
      const { events, faults, failedLater, outcomes } = await measured(context, 'flash-sale', 'crashed', RUSH);
      expect(faults?.map(({ process, until }) => [process, until !== null])).toEqual([['server', true]]);
      const { acknowledged, pending, deadLettered, processed } = events as EventsResult;
      expect([processed, pending, deadLettered, failedLater]).toEqual([acknowledged, 0, 0, 0]);
      expect(outcomes.ok).toBeLessThanOrEqual(acknowledged);
    });
  });
}

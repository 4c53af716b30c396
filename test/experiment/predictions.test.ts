import { describe, expect, it } from 'vitest';
import { predictAll } from '../../src/experiment/predictions.js';
import { planTrials } from '../../src/experiment/plan.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import type { SimulationInput } from '../../src/simulation/simulate.js';
import { predict } from '../../src/simulation/prediction.js';
import { simulateTrial } from '../../src/simulation/trial.js';

const scenario = builtIn('checkout') as Scenario;
const subjects = ['sync', 'hybrid'].map((name) => subjectOf(scenario, name) as Subject);
const { trials } = planTrials({ ...scenario, load: { ...scenario.load, users: [10, 20], rounds: 2 } }, subjects, 1);

describe('foresight', () => {
  it('predicts every trial once, whatever its round, and knows it afterwards', async () => {
    const asked: SimulationInput[] = [];
    const simulate = async (input: SimulationInput) => {
      asked.push(input);
      return simulateTrial(input);
    };
    const foreseen = await predictAll(trials, simulate);
    expect(trials).toHaveLength(8);
    const plans = asked.filter(({ subject, seed }) => seed === 1 && subjects.includes(subject));
    expect(plans).toHaveLength(4);
    const before = asked.length;
    for (const plan of trials) expect((await foreseen(plan)).p95).toEqual(simulateTrial(plan).responseTime.p95);
    expect(asked).toHaveLength(before);
    // Another subject is another trial.
    await foreseen({ ...trials[0]!, subject: { ...subjects[0]! } });
    expect(asked.length).toBeGreaterThan(before);
  });

  it('says what a prediction of the one trial says, also of a percentile at the edge of a gap', async () => {
    const storm = builtIn('retry-storm') as Scenario;
    const { trials: plans } = planTrials({ ...storm, load: { ...storm.load, rates: [75], duration: 3000, until: null } }, [subjectOf(storm, 'careful') as Subject], 4);
    const simulate = async (input: SimulationInput) => simulateTrial(input);
    const alone = await predict(plans[0]!, simulate);
    expect(alone.ranges!.p95!.low).toBeLessThan(0.7 * alone.p95!);
    expect(await (await predictAll(plans, simulate))(plans[0]!)).toEqual(alone);
  });

  it('leaves it to the trial to tell that its prediction failed', async () => {
    const foreseen = await predictAll(trials, () => Promise.reject(new Error('miscounted')));
    await expect(foreseen(trials[0]!)).rejects.toThrow('miscounted');
  });
});

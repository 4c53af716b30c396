import { describe, expect, it } from 'vitest';
import { foresee } from '../../src/experiment/foresight.js';
import { planTrials } from '../../src/experiment/plan.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { predictedInput } from '../../src/simulation/prediction.js';
import type { SimulationInput } from '../../src/simulation/simulate.js';
import { simulateTrial } from '../../src/simulation/trial.js';

const scenario = builtIn('checkout') as Scenario;
const subjects = ['sync', 'hybrid'].map((name) => subjectOf(scenario, name) as Subject);
const { trials } = planTrials({ ...scenario, load: { ...scenario.load, users: [10, 20], rounds: 2 } }, subjects, 1);

describe('foresight', () => {
  it('simulates every trial once, whatever its round, and knows it afterwards', async () => {
    const asked: SimulationInput[] = [];
    const simulate = async (input: SimulationInput) => {
      asked.push(input);
      return simulateTrial(input);
    };
    const foreseen = await foresee(trials, simulate);
    expect(trials).toHaveLength(8);
    expect(asked).toHaveLength(4);
    for (const plan of trials) {
      expect((await foreseen(predictedInput(plan))).responseTime).toEqual(simulateTrial(plan).responseTime);
    }
    expect(asked).toHaveLength(4);
    // What a reason is looked for in is another trial.
    await foreseen({ ...predictedInput(trials[0]!), subject: { ...subjects[0]! } });
    expect(asked).toHaveLength(5);
  });

  it('leaves it to the trial to tell that its prediction failed', async () => {
    const foreseen = await foresee(trials, () => Promise.reject(new Error('miscounted')));
    await expect(foreseen(predictedInput(trials[0]!))).rejects.toThrow('miscounted');
  });
});

import { describe, expect, it } from 'vitest';
import { planTrials } from '../../src/experiment/plan.js';
import { attemptTrial } from '../../src/experiment/run.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { predict } from '../../src/simulation/prediction.js';
import { simulateTrial, type TrialInput } from '../../src/simulation/trial.js';

const scenario = builtIn('retry-storm')!;
const careful = subjectOf(scenario, 'careful') as Subject;
const { trials: [plan] } = planTrials({ ...scenario, load: { ...scenario.load, rate: undefined, users: [], rates: [300], duration: 3000 } } as never, [careful], 1);

/** What a trial is measured to be, by the model itself; and the warm-ups that were asked for. */
async function attempted(measured: (input: TrialInput) => MeasuredTrial) {
  const input = { ...plan!, subject: careful };
  const warmups: number[] = [];
  const trial = await attemptTrial(
    plan!,
    {
      runTrial: async () => ({ ...measured(input), state: 'measured' }),
      predict: (asked) => {
        warmups.push(asked.warmup);
        return predict(asked, async (one) => simulateTrial(one));
      },
    },
    new AbortController().signal,
    () => {},
  );
  return { trial: trial as MeasuredTrial, warmups };
}

describe('the prediction of a trial', () => {
  it('is that of the plan where it holds, however long the warm-up was', async () => {
    const { trial, warmups } = await attempted((input) => {
      const made = simulateTrial(input);
      return { ...made, window: { ...made.window, warmupSeconds: 2 } };
    });
    expect(trial.predicted).toMatchObject({ breaks: null, errorPercent: 0 });
    expect(warmups).toEqual([plan!.warmup]);
  });

  it('is that of the window as it began, where a warm-up that went on made a difference', async () => {
    const { trial, warmups } = await attempted((input) => simulateTrial({ ...input, warmup: 2750 }));
    expect(trial.predicted).toMatchObject({ breaks: null, errorPercent: 0 });
    expect(warmups).toEqual([plan!.warmup, 2750]);
  });

  it('may not hold then either', async () => {
    const { trial } = await attempted((input) => {
      const made = simulateTrial({ ...input, warmup: 2750 });
      return { ...made, throughput: made.throughput * 2 };
    });
    expect(trial.predicted).toMatchObject({ unexplained: true });
  });
});

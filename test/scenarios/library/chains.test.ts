/** The stories of the chains: every number in them is what a simulated minute shows. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planTrials } from '../../../src/experiment/plan.js';
import { withKinds } from '../../../src/measurement/kind-trials.js';
import { formatCount, formatRate, formatShare, formatTime } from '../../../src/report/format.js';
import { paragraphsOf } from '../../../src/scenarios/library/entry.js';
import { builtIn, builtInEntry, builtInNames } from '../../../src/scenarios/library/library.js';
import { subjectOf } from '../../../src/scenarios/subject.js';
import { simulateTrial } from '../../../src/simulation/trial.js';
import { metricNamed } from '../../../src/verdict/metrics.js';

const CHAINS = builtInNames().filter((name) => builtInEntry(name)!.group === 'chains');
const FORMATS = { time: formatTime, share: formatShare, count: formatCount, rate: formatRate };
const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/chains.md'), 'utf8');

/** Numbers of a story, as it tells them and as a minute of virtual time has them. */
function numbersOf(name: string): { told: string; found: string }[] {
  const scenario = builtIn(name)!;
  const minute = { ...scenario, load: { ...scenario.load, duration: 60_000, rounds: 1 } };
  const subjects = scenario.subjects.map((subject) => subjectOf(scenario, subject)!);
  const trials = withKinds(planTrials(minute, subjects, 1).trials.map((plan) => simulateTrial(plan)));
  const facts = [...builtInEntry(name)!.story!.matchAll(/\[([^\]]*)\]\(((\S+)@(\d+): (\S+))\)/g)];
  return facts.map(([, text, what, subject, rate, metric]) => {
    const trial = trials.find(({ architecture, load }) => architecture === subject && load.model === 'open' && load.rate === Number(rate));
    const known = metricNamed(metric!);
    const value = trial && 'steps' in trial ? known?.read(trial)?.value : undefined;
    return { told: `${what}: ${text}`, found: `${what}: ${value === undefined ? 'not there' : FORMATS[known!.unit](value)}` };
  });
}

describe.each(CHAINS)('the story of %s', (name) => {
  it('tells the numbers of a simulated minute', () => {
    const numbers = numbersOf(name);
    expect(numbers.length).toBeGreaterThanOrEqual(5);
    expect(numbers.map(({ told }) => told)).toEqual(numbers.map(({ found }) => found));
  });

  it('is a page long, says what is to be learned, and is in docs/chains.md', () => {
    const paragraphs = paragraphsOf(builtInEntry(name)!.story!);
    expect(paragraphs.join(' ').split(' ').length).toBeGreaterThan(200);
    expect(paragraphs.at(-1)).toMatch(/^To be learned: /);
    expect(paragraphs.join(' ')).not.toMatch(/\]\(|@/);
    expect(page).toContain(`## ${name}\n`);
    for (const paragraph of paragraphs) expect(page).toContain(`\n${paragraph}\n`);
    for (const subject of builtIn(name)!.subjects) expect(paragraphs.join(' ')).toContain(subject);
  });
});

/** A step whose group does without it limits nobody, and fails nobody by itself. */
import { describe, expect, it } from 'vitest';
import { causes } from '../../src/advice/finding-cause.js';
import { findings } from '../../src/advice/findings.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { planTrials } from '../../src/experiment/plan.js';
import { keySentences } from '../../src/report/sentences.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { ofAnyKind } from '../support/findings.js';

/** Two partners, of which `need` must answer. One of them takes 5 of 20 calls a second; what comes before fails one request in ten. */
const QUOTE = (need: number, errors = '10%', north = 'rate: { limit: 5/s, burst: 1 }'): string => `
services: { cover: { latency: 20ms, errors: ${errors} }, north: { latency: 50ms, ${north} }, south: 60ms, mail: 10ms }
groups: { quotes: { need: ${need} } }
steps: [{ call: cover, critical: true }, { call: north, critical: true, group: quotes }, { call: south, critical: true, group: quotes }, mail]
load: { rate: 20, duration: 20s, warmup: 2s }
`;

function told(text: string): string[] {
  const scenario = parseScenario(text, { file: 'quote.yaml' });
  const trials = planTrials(scenario, [subjectOf(scenario, 'hybrid')!], 1).trials.map((plan) => simulateTrial(plan));
  return ofAnyKind(causes(groupTrials(trials), scenario)).filter(({ kind }) => kind !== 'orphaned').map(({ kind, names: { step } }) => `${kind} ${step}`);
}

describe('a step of a group', () => {
  it('limits and fails nobody where the group does without it', () => {
    expect(told(QUOTE(1))).toEqual(['failures cover']);
    expect(told(QUOTE(1, '10%', 'workers: 1, queue: 0, errors: 90%'))).toEqual(['failures cover']);
  });

  it('does where the group needs it', () => {
    expect(told(QUOTE(2))).toEqual(['rate-limit north', 'failures north']);
  });

  it('is not named where its group does without it, and fails because it does not wait', () => {
    const LOAN = `
services: { north: { latency: { p50: 600ms, p99: 2s }, errors: 5% }, south: { latency: { p50: 500ms, p99: 3s } }, west: { latency: { p50: 500ms, p99: 3s } } }
groups: { bureaus: { need: 2, within: 1s } }
steps: [{ call: north, critical: true, group: bureaus }, { call: south, critical: true, group: bureaus }, { call: west, critical: true, group: bureaus }]
load: { rate: 20, duration: 20s, warmup: 2s }
`;
    const scenario = parseScenario(LOAN, { file: 'loan.yaml' });
    const trials = planTrials(scenario, [subjectOf(scenario, 'sync')!], 1).trials.map((plan) => simulateTrial(plan));
    expect(keySentences(findings(trials, scenario)).join(' ')).toMatch(/sync fails at bureaus at 20 requests\/s: fewer than 2 of its 3 steps were done within 1\.00 s/);
  });

  it('is told of where requests fail for nothing else: the group has failed as a whole', () => {
    expect(told(QUOTE(1, '0%', 'errors: 90%').replace('south: 60ms', 'south: { latency: 60ms, errors: 50% }'))).toEqual(['failures north']);
  });
});

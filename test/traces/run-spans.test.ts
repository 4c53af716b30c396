/** Spans of a run: what a call was asked for by. */
import { describe, expect, it } from 'vitest';
import { TRACED } from '../../src/measurement/traced.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { parseCallPath } from '../../src/services/services.js';
import { spansOf, type RunSpan } from '../../src/traces/run-spans.js';
import { liveTrial } from '../support/live-trial.js';

const ORIGINS = { pay: 'http://127.0.0.1:4001', mail: 'http://127.0.0.1:4002' };

/** Spans of calls, by service. */
async function callsOf(priority: string): Promise<Record<keyof typeof ORIGINS, RunSpan[]>> {
  const scenario = parseScenario(`services: { pay: 10ms, mail: { latency: 5ms, priority: ${priority} } }\nsteps: [pay!, mail]\n`, { file: 'shop.yaml' });
  const times = { seed: 1, warmup: 50, duration: 300, drain: 1000, timeout: 1000, entry: 20, think: 0, handling: 0.5 };
  const trial = await liveTrial({ architecture: 'hybrid', base: 'hybrid', round: 1, load: { model: 'closed', users: 5 }, subject: subjectOf(scenario, 'hybrid')!, ...times }, { keepsSpans: true });
  const spans = [...spansOf({ ...trial[TRACED]!, origins: ORIGINS }, { load: 'users', server: 'shop' })];
  const to = (step: string): RunSpan[] => spans.filter(({ attributes }) => String(attributes['url.template']).startsWith(`/${step}/`));
  return { pay: to('pay'), mail: to('mail') };
}

const templates = (spans: readonly RunSpan[]): unknown[] => [...new Set(spans.map(({ name, attributes }) => `${name} of ${attributes['url.template']}`))];

describe('spans of calls', () => {
  it('say where nobody waits for them, as their path did, at both ends', async () => {
    const { pay, mail } = await callsOf('replies');
    expect(templates(pay)).toEqual(['POST /pay/{request}/{call} of /pay/{request}/{call}']);
    expect(templates(mail)).toEqual(['POST /mail/{request}/{call}/background of /mail/{request}/{call}/background']);
    expect(mail.map(({ kind }) => kind).toSorted((a, b) => a.localeCompare(b))).toEqual([...pay.filter(({ kind }) => kind === 'client').map(() => 'client'), ...pay.filter(({ kind }) => kind === 'server').map(() => 'server')]);
    const paths = mail.map(({ kind, attributes }) => (kind === 'client' ? new URL(String(attributes['url.full'])).pathname : String(attributes['url.path'])));
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.every((path) => parseCallPath(path)?.isBackground === true)).toBe(true);
  });

  it('have no such end where it makes no difference to the service', async () => {
    expect(templates((await callsOf('none')).mail)).toEqual(['POST /mail/{request}/{call} of /mail/{request}/{call}']);
  });
});

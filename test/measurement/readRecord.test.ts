import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { parseRecord } from '../../src/measurement/readRecord.js';
import type { RunRecord } from '../../src/measurement/record.js';
import { measureTrial } from '../../src/measurement/trial.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { checkout, rawTrial } from './fixtures.js';

const head = { subject: 'sync', architecture: 'sync', base: 'sync', round: 1, load: { model: 'open', rate: 5 } } as const;
const RECORD: RunRecord = {
  schemaVersion: 2,
  tool: { name: 'sync-vs-events', version: '1.0.0' },
  command: ['bench'],
  startedAt: '2026-01-01T00:00:00.000Z',
  environment: { node: 'v20', os: 'Linux', arch: 'x64', cpu: '', cores: 2, memoryBytes: 1, ci: null },
  scenario: builtIn('checkout')!,
  plan: { trials: [], estimatedSeconds: 0 },
  seed: 1,
  trials: [
    measureTrial(rawTrial([{ index: 0, intendedAt: 10_000, endedAt: 10_100 }], { subject: checkout('hybrid') })),
    { ...head, state: 'errored', message: 'the server ended' },
    { ...head, state: 'aborted', message: 'interrupted' },
  ],
  comparisons: [],
  checks: [],
  advice: [],
  verdict: 'unknown',
};
const TEXT = JSON.stringify(RECORD);

/** What reading says about a record with one field set to a value, or removed. */
function complaintAbout(path: string, value: unknown): string {
  const record = JSON.parse(TEXT) as Record<string, unknown>;
  const fields = path.split('.');
  const last = fields.pop() as string;
  const target = fields.reduce((inner, field) => inner[field] as Record<string, unknown>, record);
  if (value === undefined) delete target[last];
  else target[last] = value;
  const error = thrownBy(() => parseRecord(JSON.stringify(record), 'run.json'));
  return error instanceof UserError ? error.message : String(error);
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'nothing';
}

describe('parseRecord', () => {
  it('reads a record behind a mark of byte order, from a text and from bytes', () => {
    expect(parseRecord(`\uFEFF${TEXT}`, 'run.json')).toEqual(RECORD);
    expect(parseRecord(Buffer.from(`\uFEFF${TEXT}`), 'run.json')).toEqual(RECORD);
  });

  it('gives back what was saved', () => {
    expect(parseRecord(TEXT, 'run.json')).toEqual(RECORD);
  });

  it('reads what a fault did to which process out of its sentence, where an older record says it nowhere else', () => {
    const mark = { fault: 'crash server at 3s for 500ms', at: 3002, until: 3510 };
    const withFaults = (faults: unknown): string => JSON.stringify({ ...RECORD, schemaVersion: 1, trials: [{ ...RECORD.trials[0], faults }] });
    const faultsIn = (faults: unknown): unknown => parseRecord(withFaults(faults), 'run.json').trials.map((trial) => ('faults' in trial ? trial.faults : null));
    const whole = { ...mark, kind: 'crash', process: 'server' };
    expect(faultsIn([mark])).toEqual([[whole]]);
    expect(faultsIn([whole])).toEqual([[whole]]);
    expect(() => faultsIn([{ ...mark, fault: 'drop 1%' }])).toThrow('trials[0].faults[0] is no fault of a process');
    expect(() => faultsIn([{ ...mark, at: 'soon' }])).toThrow('trials[0].faults[0].at is "soon", expected a number');
    expect(() => faultsIn({})).toThrow('trials[0].faults is an object, expected an array');
  });

  it('refuses what is no JSON, and says where and what to do', () => {
    expect(() => parseRecord('{"schemaVersion":', 'run.json')).toThrow(
      /^run\.json is not JSON: .+\. Expected a file that was saved with `-o json=PATH`\.$/,
    );
  });

  it.each(['null', '[]', '42', '{}', '{"trials": []}'])('refuses %s: not a record', (text) => {
    expect(() => parseRecord(text, 'run.json')).toThrow(
      new UserError('run.json is not a record of sync-vs-events. Expected a file that was saved with `-o json=PATH`.'),
    );
  });

  it.each([3, 0, '1', null])('refuses schema version %j', (version) => {
    expect(complaintAbout('schemaVersion', version)).toBe(
      `run.json is a record of schema version ${JSON.stringify(version)}, and this program reads versions 1 and 2. ` +
        'Use the version of sync-vs-events that wrote it, or make the record again.',
    );
  });

  it.each([
    ['trials', undefined, 'trials is missing, expected an array'],
    ['trials', {}, 'trials is an object, expected an array'],
    ['seed', '1', 'seed is "1", expected a number'],
    ['scenario', 5, 'scenario is 5, expected an object'],
    ['scenario.steps', null, 'scenario.steps is null, expected an array'],
    ['plan.hop', 'pigeon', 'plan.hop is "pigeon", expected one of http, unix, in-process'],
    ['trials.0', null, 'trials[0] is null, expected an object'],
    ['trials.0.state', 'great', 'trials[0].state is "great", expected one of measured, simulated, errored, aborted'],
    ['trials.0.state', 'toString', 'trials[0].state is "toString", expected one of measured, simulated, errored, aborted'],
    ['trials.0.load.users', undefined, 'trials[0].load.users is missing, expected a number'],
    ['trials.1.load.rate', '5', 'trials[1].load.rate is "5", expected a number'],
    ['trials.0.responseTime.count', null, 'trials[0].responseTime.count is null, expected a number'],
    ['trials.0.validity.valid', 1, 'trials[0].validity.valid is 1, expected a boolean'],
    ['trials.0.events', [], 'trials[0].events.attempted is missing, expected a number'],
    ['trials.0.events.backlog', undefined, 'trials[0].events.backlog is missing, expected an object'],
    ['trials.0.samples.time', undefined, 'trials[0].samples.time is missing, expected a string'],
    ['trials.2.message', undefined, 'trials[2].message is missing, expected a string'],
    ['sameOrders', 5, 'sameOrders is 5, expected an array'],
    ['sameOrders', [{ rate: '5' }], 'sameOrders[0].rate is "5", expected a number'],
    ['trials.0.subject', undefined, 'trials[0].subject is missing, expected a string'],
    ['trials.0.steps', { payment: 5 }, 'trials[0].steps.payment is 5, expected an object'],
    ['trials.0.ideal', 'half', 'trials[0].ideal is "half", expected an object or null'],
    ['trials.0.load.model', 'half-open', 'trials[0].load.model is "half-open", expected one of closed, open'],
    ['scenario.services.0.workers', 'many', 'scenario.services[0].workers is "many", expected a number or unlimited'],
    ['advice', [{ kind: 'lost', architecture: 'a', load: null, numbers: {}, names: {} }], 'advice[0].numbers.lost is missing, expected a number'],
  ])('names the damage: %s = %j', (path, value, damage) => {
    expect(complaintAbout(path, value)).toBe(
      `run.json is a damaged record: ${damage}. Restore the file, or make the record again.`,
    );
  });

  it('takes a record that tells no hop, or either of them', () => {
    for (const hop of [undefined, 'http', 'in-process']) expect(complaintAbout('plan.hop', hop)).toBe('nothing');
  });

  it('fills in the server of a scenario that is older than servers in scenarios', () => {
    const { server, ...older } = RECORD.scenario;
    const read = parseRecord(JSON.stringify({ ...RECORD, schemaVersion: 1, scenario: { ...older, variants: [{ name: 'v', services: [] }] } }), 'run.json');
    expect([read.scenario, ...read.scenario.variants].map((one) => one.server)).toEqual([server, server]);
  });

  it('leaves out findings of a kind that came later, and keeps fields that did', () => {
    const later = { ...RECORD, weather: 'fair', advice: [{ kind: 'haunted', architecture: 'a', load: null, numbers: {}, names: {} }] };
    expect(parseRecord(JSON.stringify(later), 'run.json')).toEqual({ ...later, advice: [] });
  });

  it('reads a record of version 1: its subjects have had one name only, and it stays one of version 1', () => {
    const { subject: _, ...trial } = RECORD.trials[0]!;
    const read = parseRecord(JSON.stringify({ ...RECORD, schemaVersion: 1, trials: [trial] }), 'run.json');
    expect(read.schemaVersion).toBe(1);
    expect(read.trials.map(({ subject, architecture }) => [subject, architecture])).toEqual([['sync', 'sync']]);
  });

  it('takes a trial without events', () => {
    expect(complaintAbout('trials.0.events', null)).toBe('nothing');
  });

  it('never throws anything but a UserError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.tuple(fc.constantFrom(1, 2), fc.json()).map(([version, json]) => `{"schemaVersion":${version},"trials":${json}}`)), (text) => {
        const error = thrownBy(() => parseRecord(text, 'x'));
        expect(error === 'nothing' || error instanceof UserError).toBe(true);
      }),
    );
  });
});

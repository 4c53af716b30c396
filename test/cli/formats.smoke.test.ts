/** Every format, and every end of a comparison, through the real binary. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { FORMATS, jsonReport } from '../../src/report/formats.js';
import { unmeasured } from '../support/measured.js';
import { pair, saved } from '../verdict/records/saved.js';

const BINARY = path.resolve(import.meta.dirname, '../../bin/sync-vs-events.js');
const GOLDEN = path.resolve(import.meta.dirname, '../golden/record-2.json');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-formats-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { GITHUB_ACTIONS: _, ...env } = process.env;
  return spawnSync(process.execPath, [BINARY, ...args], { cwd: folder, encoding: 'utf8', env });
}

const written = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('report', () => {
  it('writes every format, and what machines read is read back', () => {
    const { status, stdout, stderr } = run('report', GOLDEN, ...FORMATS.flatMap(({ name }) => ['-o', `${name}=${name}`]));
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    const record = JSON.parse(readFileSync(GOLDEN, 'utf8')) as RunRecord;
    expect(JSON.parse(written('json'))).toEqual(record);
    expectCases(written('junit'), record);
    expectRows(written('csv'), record.trials as MeasuredTrial[]);
    expect(written('html')).toMatch(/^<!doctype html>/i);
    expect(written('markdown')).toMatch(/^## /);
    // The same with a picture, which only GitHub draws.
    expect(written('summary').replace(/```mermaid[^]*?```\n\n/, '')).toBe(written('markdown'));
    expect(written('summary')).toContain('```mermaid');
    expect(written('annotations')).toBe('');
    expect((JSON.parse(written('benchmark')) as unknown[]).length).toBeGreaterThan(0);
    expect(Object.keys(JSON.parse(written('bencher')) as object).length).toBeGreaterThan(0);
  });
});

/** A test case for each trial and each check, all of which passed. */
function expectCases(xml: string, { trials, checks }: RunRecord): void {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => ['testsuite', 'testcase'].includes(name) });
  const { testsuites } = parser.parse(xml) as { testsuites: { testsuite: { '@_name': string; '@_tests': string; '@_failures': string; testcase: object[] }[] } };
  const suites = testsuites.testsuite.map((suite) => [suite['@_name'], Number(suite['@_tests']), Number(suite['@_failures']), suite.testcase.length]);
  expect(suites).toEqual([['trials', trials.length, 0, trials.length], ['checks', checks.length, 0, checks.length]]);
}

/** A row for each measured request. */
function expectRows(csv: string, trials: readonly MeasuredTrial[]): void {
  const [head, ...rows] = csv.trimEnd().split('\r\n').map((line) => line.split(','));
  expect(head).toEqual(['architecture', 'model', 'load', 'round', 'warmup', 'start_ms', 'response_ms', 'outcome']);
  for (const { architecture, load, outcomes } of trials) {
    const own = rows.filter(([name, , size, , warmup]) => name === architecture && size === String(load.model === 'closed' ? load.users : load.rate) && warmup === '0');
    expect(own).toHaveLength(outcomes.sent);
    expect(own.filter((row) => row[7] === 'ok')).toHaveLength(outcomes.ok);
  }
}

describe('compare', () => {
  const base = saved(pair());

  it.each<[string, RunRecord, number]>([
    ['the same', saved(pair(), { startedAt: '2026-03-02T09:00:00.000Z' }), 0],
    ['slower', saved(pair({ hybrid: 2 })), 1],
    ['of another scenario', { ...base, scenario: { ...base.scenario, steps: [] } }, 2],
    ['without one of the trials', saved([...pair().slice(0, 1), unmeasured('hybrid', 100, 'no port')]), 3],
  ])('with a head that is %s ends with its code', (_, head, code) => {
    writeFileSync(path.join(folder, 'base.json'), jsonReport(base));
    writeFileSync(path.join(folder, 'head.json'), jsonReport(head));
    const { status, stderr } = run('compare', 'base.json', 'head.json');
    expect(status).toBe(code);
    expect(stderr === '').toBe(code !== 2);
  });
});

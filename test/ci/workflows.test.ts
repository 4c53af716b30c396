/** What the repository offers to CI systems: the action, the example workflows and docs/ci.md name only what exists. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildProgram } from '../../src/cli/program.js';
import { FORMATS } from '../../src/report/formats.js';
import { parseThresholds } from '../../src/verdict/thresholds.js';
import { fakeIo } from '../support/fake-io.js';

const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
const FILES = ['action.yml', 'examples/ci/github.yml', 'examples/ci/gitlab.yml', 'docs/ci.md'];

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}
interface Action {
  inputs: Record<string, { description: string; default: string }>;
  runs: { using: string; steps: Step[] };
}

const action = parse(read('action.yml')) as Action;
const github = parse(read('examples/ci/github.yml')) as { jobs: Record<string, { steps: Step[] }> };

describe.each(FILES)('%s', (file) => {
  const text = read(file);

  it('uses no command, option or format that does not exist', () => {
    const program = buildProgram(fakeIo([]), {}, () => {});
    const commands = program.commands.map((command) => command.name());
    const options = program.commands.flatMap((command) => command.options.flatMap(({ long, short }) => [long, short]));
    for (const [, command] of text.matchAll(/(?:npx sync-vs-events|\$cli"|sync-vs-events\.js") ([a-z]+)/g)) expect(commands).toContain(command);
    for (const [, formatName] of text.matchAll(/-o "?([a-z]+)=/g)) expect(FORMATS.map(({ name }) => name)).toContain(formatName);
    const foreign = /npm (ci|install|run)[^\n]*|gh api[^\n]*|bencher run[^`]*|--noprofile|--norc/g;
    for (const [option] of text.replaceAll(foreign, '').matchAll(/(?<=[\s(`])--[a-z][a-z-]*/g)) expect(options).toContain(option);
  });

  it('uses only thresholds that can be read', () => {
    const expressions = [...text.matchAll(/--threshold '([^']+)'/g)].map((match) => match[1] ?? '');
    expect(() => parseThresholds(expressions, { subjects: ['sync', 'parallel', 'hybrid', 'event-driven'] })).not.toThrow();
  });
});

describe('examples/ci/github.yml', () => {
  it('gives the action inputs that it has, and thresholds that can be read', () => {
    const uses = Object.values(github.jobs).flatMap(({ steps }) => steps).filter((step) => step.uses?.includes('/sync-vs-events@'));
    expect(uses).toHaveLength(2);
    for (const step of uses) {
      for (const input of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(input);
      const thresholds = (step.with?.['thresholds'] ?? '').split('\n').filter(Boolean);
      expect(() => parseThresholds(thresholds, { subjects: ['sync', 'hybrid'] })).not.toThrow();
    }
  });
});

describe('examples/ci/gitlab.yml', () => {
  const job = (parse(read('examples/ci/gitlab.yml')) as { performance: { script: string[] } }).performance;

  it('keeps the JUnit report that its command writes, and lets only "cannot tell" pass', () => {
    expect(job).toMatchObject({
      stage: 'test', allow_failure: { exit_codes: [3] }, artifacts: { when: 'always', reports: { junit: 'junit.xml' } },
    });
    expect(job.script[1]).toContain('-o junit=junit.xml');
  });
});

describe('action.yml', () => {
  it('is a composite action whose every step runs in bash', () => {
    expect(action.runs.using).toBe('composite');
    for (const step of action.runs.steps) expect(step).toMatchObject({ name: expect.any(String), shell: 'bash', run: expect.any(String) });
  });

  it('uses every input, and lets none of them into a script as text', () => {
    const used = action.runs.steps.flatMap((step) => Object.values(step.env ?? {})).join(' ');
    for (const input of Object.keys(action.inputs)) expect(used).toContain(`\${{ inputs.${input} }}`);
    for (const step of action.runs.steps) expect(step.run).not.toContain('${{');
  });
});

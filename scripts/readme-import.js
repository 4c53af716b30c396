// Makes traces of the checkout, imports them and asks for advice, as the README's second example does, and writes the first lines of what is
// printed into the README, between its two marks.
// Usage: npm run docs:import   (a quarter of a minute, with nothing else running)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePart } from './document-part.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
const binary = fileURLToPath(new URL('../bin/sync-vs-events.js', import.meta.url));

/** What a command prints. */
function printed(...args) {
  const { status, stdout } = spawnSync(process.execPath, [binary, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
  return stdout;
}

const make = ['bench', 'checkout', '-a', 'sync', '-c', '10', '-d', '10s', '-o', 'otlp=traces.jsonl'];
const read = ['import', 'traces.jsonl', '-o', 'traced.yaml', '--critical', 'payment,inventory'];
const ask = ['advise', 'traced.yaml'];
printed(...make, '--no-progress');
const seen = printed(...read).split('\n');
const told = printed(...ask, '--no-progress').split('\n\n');
rmSync(folder, { recursive: true });

const command = (args) => `$ npx sync-vs-events ${args.join(' ')}`;
const check = seen.find((line) => line.startsWith('Simulated as traced'));
const advice = told.find((part) => part.startsWith('Move'));
writePart('README.md', 'import', ['```console', command(make), command(read), seen[0], check, command(ask), advice, '```'].join('\n'));

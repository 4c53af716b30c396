/** The README's second example, run word for word: its traces in virtual time, so that what it prints is the same on every machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { planTrials } from '../../src/experiment/plan.js';
import { TRACED } from '../../src/measurement/traced.js';
import { otlpLines } from '../../src/traces/formats/otlp-writer.js';
import { spansOf } from '../../src/traces/run-spans.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { fakeIo } from '../support/fake-io.js';
import { liveTrial } from '../support/live-trial.js';
import { simulations } from '../support/simulations.js';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const [, example = ''] = /<!-- import -->\n```console\n([^]*?)\n```/.exec(readme) ?? [];
/** Each command with what is printed below it. */
const steps = example.split(/^\$ npx sync-vs-events /m).slice(1).map((part) => {
  const [command = '', ...printed] = part.trimEnd().split('\n');
  return { args: command.split(' '), printed };
});

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The traces of the first command: ten users for ten seconds on the checkout, one call after another. */
async function traces(): Promise<string> {
  const scenario = builtIn('checkout')!;
  const [plan] = planTrials({ ...scenario, load: { ...scenario.load, users: [10], duration: 10_000, rounds: 1 } }, [subjectOf(scenario, 'sync')!], 1).trials;
  const trial = await liveTrial({ ...plan!, warmup: 0 }, { keepsSpans: true });
  return [...otlpLines(spansOf(trial[TRACED]!, { server: 'checkout-sync', load: 'sync at 10 users' }), { tool: { name: 'sync-vs-events', version: '0' }, resource: {} })].join('\n');
}

async function run(args: readonly string[]): Promise<{ code: number; lines: string[]; err: string }> {
  const io = fakeIo(args, folder);
  const code = await main(io, { simulations });
  return { code, lines: io.out().split('\n'), err: io.err() };
}

/** Times and counts of a machine, left out. */
const shape = (line: string): string => line.replaceAll(/-?\d+(\.\d+)?/g, '#');

describe('the README from traces to advice', () => {
  it('makes traces of the checkout, imports them, and asks', () => {
    expect(steps.map(({ args }) => args.join(' '))).toEqual([
      'bench checkout -a sync -c 10 -d 10s -o otlp=traces.jsonl',
      'import traces.jsonl -o traced.yaml --critical payment,inventory',
      'advise traced.yaml',
    ]);
  });

  it('prints what the commands print', async () => {
    const [, imported, advised] = steps;
    writeFileSync(path.join(folder, 'traces.jsonl'), await traces());
    const seen = await run(imported!.args);
    expect({ code: seen.code, err: seen.err }).toEqual({ code: 0, err: '' });
    const told = [seen.lines[0]!, seen.lines.find((line) => line.startsWith('Simulated as traced'))!];
    expect(told.map(shape)).toEqual(imported!.printed.map(shape));
    // Without a machine they are those of the services alone, a little shorter.
    const p50 = (line: string): number => Number(/p50 ([\d.]+) ms/.exec(line)?.[1]);
    for (const [at, line] of told.entries()) expect(Math.abs(p50(imported!.printed[at]!) / p50(line) - 1)).toBeLessThan(0.02);
    const { code, lines } = await run([...advised!.args, '--no-progress']);
    expect(code).toBe(0);
    expect(lines.join(' ')).toContain(advised!.printed.join(' '));
  });
});

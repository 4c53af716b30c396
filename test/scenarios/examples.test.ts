import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../src/base/units.js';
import { DEFAULTS } from '../../src/scenarios/defaults.js';
import { jsonSchema } from '../../src/scenarios/json-schema.js';
import { parse } from './support.js';

const EXAMPLES = path.join(import.meta.dirname, '../../examples/scenarios');
const DOCS = readFileSync(path.join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');

describe('examples', () => {
  it.each(readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml')))('%s can be run', (file) => {
    const text = readFileSync(path.join(EXAMPLES, file), 'utf8');
    const readFile = (csv: string): string => readFileSync(path.join(EXAMPLES, csv), 'utf8');
    expect(parse(text, { file, readFile }).subjects.length).toBeGreaterThan(1);
  });
});

/** Names of all fields in a JSON Schema. */
function fieldsOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = Object.keys((node as { properties?: object }).properties ?? {});
  return [...own, ...Object.values(node).flatMap(fieldsOf)];
}

describe('docs/scenarios.md', () => {
  it('names every field', () => {
    const isNamed = (field: string): boolean => new RegExp(`[\`{ ]${field.replace('$', '\\$')}[\`:]`).test(DOCS);
    expect([...new Set(fieldsOf(jsonSchema()))].filter((field) => !isNamed(field))).toEqual([]);
  });

  it('tells the defaults as they are', () => {
    const { service, step, event, load, consumer, retries } = DEFAULTS;
    const durations = { think: load.think, duration: load.duration, drain: load.drain };
    const rows = [
      ['workers', service.workers],
      ['queue', `\`${service.queue}\``],
      ['timeout', `\`${formatDuration(step.timeout)}\``],
      ['timeout', `\`${formatDuration(load.timeout)}\``],
      ['type', `\`${event.type}\``],
      ['messages', event.messages],
      ['attempts', retries.attempts],
      ['attempts', consumer.attempts],
      ['backoff', `\`${formatDuration(retries.backoff)}\``],
      ['rounds', load.rounds],
      ['users', `\`[${DEFAULTS.users.join(', ')}]\``],
      ...Object.entries(durations).map(([name, ms]) => [name, `\`${formatDuration(ms)}\``]),
    ];
    const lines = DOCS.split('\n');
    const isTold = (name: unknown, value: unknown): boolean =>
      lines.some((line) => line.startsWith(`| \`${String(name)}\` |`) && line.includes(`| ${String(value)} |`));
    expect(rows.filter(([name, value]) => !isTold(name, value))).toEqual([]);
  });

  it('shows scenarios that can be run', () => {
    const blocks = [...DOCS.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    expect(blocks.length).toBeGreaterThan(1);
    for (const yaml of blocks) expect(parse(yaml).steps.length).toBeGreaterThan(2);
  });
});

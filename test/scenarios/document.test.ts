import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/scenarios/document.js';
import { mistakes, parse, SMALL } from './support.js';

describe('readDocument', () => {
  it('knows where keys and values stand', () => {
    const { value, locate } = readDocument('a:\n  - b: 1\n    c: [x, yy]\n', 'f.yaml');
    expect(value).toEqual({ a: [{ b: 1, c: ['x', 'yy'] }] });
    expect(locate({ path: ['a', 0, 'c'], at: 'key' })).toEqual({ line: 3, column: 5 });
    expect(locate({ path: ['a', 0, 'c', 1], at: 'value' })).toEqual({ line: 3, column: 12 });
    expect(locate({ path: ['a', 0, 'nothing'], at: 'key' })).toEqual({ line: 2, column: 5 });
  });

  it('lists mistakes of syntax', () => {
    expect(mistakes('a: [1, 2\nb: "x\n').length).toBeGreaterThan(0);
    expect(mistakes('a: [1, 2\nb: "x\n')[0]).toMatch(/^my\.yaml:\d+:\d+: /);
  });

  it('finds keys that stand twice or cannot be names', () => {
    expect(mistakes('services: {}\nservices: {}\n')).toEqual(['my.yaml:2:1: "services" stands here a second time']);
    expect(mistakes('1: x')).toEqual(['my.yaml:1:1: expected a name as key, got 1']);
    expect(mistakes('? [a, b]\n: x')).toEqual(['my.yaml:1:3: expected a name as key, got something else']);
    expect(mistakes('{ "__proto__": { "services": {} } }')).toEqual(['my.yaml:1:3: "__proto__" cannot be used as a name']);
    expect(mistakes('services: { constructor: 3ms }')).toEqual(['my.yaml:1:13: "constructor" cannot be used as a name']);
  });

  it('takes aliases, and puts a mistake behind one where the alias stands', () => {
    const text = 'services: { a: &quick 20ms, b: *quick, c: &bad { latency: 5 }, d: *bad }\nsteps: [a!, b!, c!, d!]\n';
    expect(mistakes(text).map((line) => line.split(' ')[0])).toEqual(['my.yaml:1:59:', 'my.yaml:1:67:']);
  });
});

describe('merge keys and blocks of one\'s own', () => {
  const text = `x-usual: &usual { latency: 20ms, workers: 3 }
services:
  a: { <<: *usual, workers: 4 }
  b: { <<: [*usual] }
steps: [a!, b!]
`;

  it('stand for what they merge, and what is said beside them wins', () => {
    const { services } = parse(text);
    expect(services).toMatchObject([{ latency: { ms: 20 }, workers: 4 }, { latency: { ms: 20 }, workers: 3 }]);
  });

  it.each([
    [text.replace('workers: 3', 'wrokers: 3'), 'my.yaml:3:3: services.a.wrokers: unknown in a service'],
    [text.replace('<<: *usual, workers: 4', '<<: *usual, <<: *usual'), '"<<" stands here a second time'],
    [text.replace('<<: [*usual]', '<<: 3'), 'my.yaml: cannot be read as YAML or JSON'],
    [text.replace('x-usual: &usual', 'usual: &usual'), 'my.yaml:1:1: usual: unknown in a scenario'],
  ])('are refused where they mean nothing', (mistaken, message) => {
    expect(mistakes(mistaken).join('\n')).toContain(message);
  });
});

/** Each is refused with one clear line, and soon: one that is not outlasts the time of a test. */
const HOSTILE: [string, string, RegExp][] = [
  ['an anchor bomb', bomb(), /alias/],
  ['an endless anchor', 'services: &a { x: *a }\nsteps: [x]\n', /alias|Unresolved|services/],
  ['thousands of aliases', `a: &a 1\nb: [${'*a,'.repeat(20_000)}]`, /more than 100 aliases/],
  ['ten megabytes', `x: ${'y'.repeat(10_000_000)}`, /larger than 1 MB/],
  ['zero bytes', 'a: \u0000', /1:4: expected YAML or JSON text, got the character "\\u0000"/],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]).toString(), /binary file/],
  ['a deep nest', '['.repeat(300_000), /words and signs|deep/],
  ['a nest that closes', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, /^my\.yaml: .* nested too deeply$/],
  ['nested mappings', '{a: '.repeat(15_000), /nested too deeply$/],
  ['nested lists', '- '.repeat(45_000), /nested too deeply$/],
  ['a million brackets', '[]'.repeat(499_000), /words and signs/],
  ['a million keys', Array.from({ length: 90_000 }, (_, i) => `k${i}: 1`).join('\n'), /words and signs/],
  ['many unknown keys', Array.from({ length: 14_000 }, (_, i) => `k${i}: 1`).join('\n'), /unknown in a scenario/],
  ['long unknown keys', `${'k'.repeat(400_000)}: 1\n${'l'.repeat(400_000)}: 1\n`, /./],
  ['many services', `services: {${Array.from({ length: 5000 }, (_, i) => `s${i}: 1ms`).join(',')}}`, /at most 100/],
  ['a megabyte of mistakes', `a: "${'\\x'.repeat(499_000)}`, /Invalid escape sequence/],
  ['an unknown tag', 'services: !!js/function "x"\n', /tag/i],
  ['bytes', `${SMALL}title: !!binary 300ms\n`, /3:17: the tag "tag:yaml\.org,2002:binary" has no meaning here/],
  ['bytes for a mapping', 'services: { payment: { latency: !!binary 200ms } }\nsteps: [payment!]\n', /the tag/],
  ['a set', 'services: !!set { a, b }\nsteps: !!omap [a: 1]\n', /the tag/],
  ['two documents', `${SMALL}---\n${SMALL}`, /multiple documents/],
  ['an escape sequence', 'name: "\\e[31m"\n', /"\\u001b\[31m"/],
];

function bomb(): string {
  const levels = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++) {
    const before = String.fromCharCode(96 + i);
    levels.push(`${String.fromCharCode(97 + i)}: &${String.fromCharCode(97 + i)} [${`*${before},`.repeat(8)}]`);
  }
  return levels.join('\n');
}

describe('hostile texts', () => {
  it.each(HOSTILE)('%s', (_, text, message) => {
    const lines = mistakes(text);
    expect(lines.join('\n')).toMatch(message);
    expect(lines.length).toBeLessThanOrEqual(21);
  });
});

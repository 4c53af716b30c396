import { describe, expect, it } from 'vitest';
import { reveal } from '../../src/base/secret.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { measurableOf, isTarget, subjectNames } from '../../src/scenarios/subject.js';
import { isLoopback, parseUrl, type Target } from '../../src/scenarios/target.js';
import { mistakes, parse, SMALL } from './support.js';

const TARGETS = `targets:
  old: http://127.0.0.1:3000/orders
  new:
    url: https://shop.example/orders?x=1
    method: POST
    headers: { content-type: application/json, X-Key: "a b" }
    body: '{"order":{{index}}}'
    expect: { status: [201, 202], body: '"order":{{index}}' }
    command: node server.js
    ready: /health
    startup: 5s
    received: { header: x-count }
`;

/** A target with its secrets told. */
function revealed(target: Target) {
  const { headers, body, expect: wanted } = target;
  return {
    ...target,
    url: reveal(target.url),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, reveal(value)])),
    body: reveal(body),
    expect: { ...wanted, body: wanted.body === null ? null : reveal(wanted.body) },
  };
}

describe('targets', () => {
  it('are read, with every default', () => {
    const { targets, subjects, steps, services } = parse(TARGETS);
    expect(targets.map(revealed)).toEqual([
      {
        name: 'old', url: 'http://127.0.0.1:3000/orders', method: 'GET', headers: {}, body: '',
        expect: { status: [], body: null }, command: null, ready: null, startup: 30_000, received: null,
      },
      {
        name: 'new', url: 'https://shop.example/orders?x=1', method: 'POST',
        headers: { 'content-type': 'application/json', 'X-Key': 'a b' }, body: '{"order":{{index}}}',
        expect: { status: [201, 202], body: '"order":{{index}}' }, command: 'node server.js', ready: '/health',
        startup: 5000, received: { header: 'x-count' },
      },
    ]);
    expect({ subjects, steps, services }).toEqual({ subjects: ['old', 'new'], steps: [], services: [] });
  });

  it('are the same after they were written out', () => {
    const text = TARGETS.replace('"a b"', '{ env: KEY }').replace(/ {4}body: .*\n/, '').replace(/, body: '.*' }/, ' }');
    const env = { KEY: 'a b' };
    const scenario = parse(text, { file: 'mine.yaml', env });
    const again = parse(resolvedYaml(scenario), { file: 'mine.yaml', env });
    expect(again).toEqual(scenario);
    expect(again.targets.map(revealed)).toEqual(scenario.targets.map(revealed));
    expect(revealed(again.targets[1]!).headers).toEqual({ 'content-type': 'application/json', 'X-Key': 'a b' });
  });

  it('stand beside a transaction, or in place of one of its architectures', () => {
    const scenario = parse(`${SMALL}targets: { sync: 'http://localhost:1/' }\n`);
    expect(subjectNames(scenario)).toEqual(['sync', 'parallel', 'hybrid', 'event-driven']);
    expect(scenario.subjects).toEqual(['sync']);
    const [sync, hybrid] = ['sync', 'hybrid'].map((name) => measurableOf(scenario, name));
    expect(sync && isTarget(sync)).toBe(true);
    expect(hybrid && isTarget(hybrid)).toBe(false);
  });

  it('leave nothing else to measure where there is no transaction', () => {
    const scenario = parse('targets: { mine: "http://localhost:1/" }');
    expect(subjectNames(scenario)).toEqual(['mine']);
    expect(measurableOf(scenario, 'sync')).toBeUndefined();
  });

  it.each([
    ['targets: { a: "ftp://host/" }', 'targets.a: expected a URL of http or https'],
    ['targets: { a: { url: "http://h/", received: {} } }', 'targets.a.received: expected either url or header'],
    ['targets: { a: { url: "http://h/", headers: { "x-y": "a\\nb" } } }', 'expected the value of a header'],
    ['targets: { a: { url: "http://h/", headers: { content-length: "3" } } }', 'expected the name of a header, and none of'],
    ['targets: { a: { url: "http://h/", ready: health } }', 'expected a path such as /health'],
    ['targets: { a: { method: GET } }', 'targets.a.url: is missing in a target'],
    ['targets: { a: "http://h/" }\nsubjects: sync', 'subjects.0: '],
    ['targets: {}', 'steps: expected steps'],
    [`${SMALL}targets: { a: "http://h/" }\nvariants: { a: { architecture: sync } }`, 'got that of a target'],
  ])('are refused: %s', (text, message) => {
    expect(mistakes(text).join('\n')).toContain(message);
  });
});

describe('a URL', () => {
  it.each([
    ['http://localhost:3000/', true],
    ['http://shop.localhost/', true],
    ['https://127.1.2.3/', true],
    ['http://[::1]:80/', true],
    ['http://127.0.0.1.example.org/', false],
    ['http://localhost.example.org/', false],
    ['http://10.0.0.1/', false],
    ['http://0.0.0.0/', true],
    ['http://[::]:80/', true],
    ['http://0.0.0.1/', false],
  ])('%s leads to this machine: %s', (url, here) => {
    expect(isLoopback(url)).toBe(here);
  });

  it.each(['ftp://a/', 'file:///etc/passwd', 'localhost:3000', 'http://', '/orders', ''])('%s is none to load', (text) => {
    expect(parseUrl(text)).toBeUndefined();
  });
});

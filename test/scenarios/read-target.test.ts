import { describe, expect, it } from 'vitest';
import { reveal } from '../../src/base/secret.js';
import { withoutSecrets } from '../../src/scenarios/secrets.js';
import type { Target } from '../../src/scenarios/target.js';
import { mistakes, parse } from './support.js';

const ENV = { TOKEN: 'geheim-1', BASE: 'http://me:geheim-2@shop.test', LINES: 'a\nb' };

function read(text: string, files: Record<string, string> = {}): Target {
  const readFile = (path: string): string => files[path] ?? '';
  const [target] = parse(`targets:\n  mine: ${text}\n`, { env: ENV, readFile }).targets;
  return target!;
}

describe('values of a target', () => {
  it('come from the environment', () => {
    const { url, headers, body } = read("{ url: '${BASE}/x?key=${TOKEN}', headers: { a: { env: TOKEN }, b: 'Bearer ${TOKEN}' }, body: { env: TOKEN } }");
    expect(reveal(url)).toBe('http://me:geheim-2@shop.test/x?key=geheim-1');
    expect([headers.a, headers.b, body].map((value) => reveal(value!))).toEqual(['geheim-1', 'Bearer geheim-1', 'geheim-1']);
  });

  it('are told as where they come from, and otherwise not at all', () => {
    const { url, headers, body, expect: wanted } = read(
      "{ url: '${BASE}/x?key=${TOKEN}', body: pin 4711, expect: { body: geheim-3 }, " +
        "headers: { a: { env: TOKEN }, b: 'Bearer ${TOKEN}', c: 'x${TOKEN}', Cookie: s=1, accept: 'text/html' } }",
    );
    expect(String(url)).toBe('http://me:***@shop.test/x?key=${TOKEN}');
    expect(Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)).toEqual([
      // A mark of what was written: of another value on every machine it says nothing.
      'a: ${TOKEN}', 'b: Bearer ${TOKEN}', expect.stringMatching(/^c: \*\*\* \(sha256 [0-9a-f]{4}\.\.\.\)$/), 'Cookie: ***', 'accept: text/html',
    ]);
    expect(String(body)).toMatch(/^\*\*\* \(sha256 /);
    expect(String(wanted.body)).toMatch(/^\*\*\* \(sha256 /);
  });

  it('come from a file, placeholders and all', () => {
    const { body } = read('{ url: "http://h/", body: { file: order.json } }', { 'order.json': '{"id":{{index}},"by":"${TOKEN}"}' });
    expect(reveal(body)).toBe('{"id":{{index}},"by":"geheim-1"}');
  });

  it.each([
    ["{ url: 'http://h/{{uid}}' }", '2:16: targets.mine.url: unknown placeholder "{{uid}}", expected {{index}} or {{uuid}}; did you mean "uuid"?'],
    ["{ url: 'http://h/', headers: { x: '{{x}}' } }", '2:43: targets.mine.headers.x: unknown placeholder "{{x}}"'],
    ["{ url: 'http://h/', body: '{{x}}' }", '2:35: targets.mine.body: unknown placeholder "{{x}}"'],
    ["{ url: 'http://h/', body: { file: order.json } }", '2:43: targets.mine.body.file: "order.json" line 2, column 6: unknown placeholder "{{nmae}}"'],
    ["{ url: 'http://h/', body: { file: binary } }", 'targets.mine.body.file: cannot use "binary": it is no text'],
    ["{ url: 'http://h/', expect: { body: '{{uuid}}' } }", 'targets.mine.expect.body: unknown placeholder "{{uuid}}", expected {{index}}'],
    ["{ url: 'http://h/', headers: { x: { env: NONE } } }", '2:43: targets.mine.headers.x: the environment variable NONE is not set'],
    ["{ url: 'http://h/', headers: { x: { env: LINES } } }", 'targets.mine.headers.x: expected the value of a header, in one line'],
    ["{ url: '${TOKEN}/x' }", 'targets.mine.url: expected a URL of http or https'],
  ])('are refused with line and column: %s', (text, message) => {
    const readFile = (path: string): string => (path === 'binary' ? '\uFFFD' : '{"a":1,\n"name{{nmae}}"}');
    expect(mistakes(`targets:\n  mine: ${text}\n`, { env: ENV, readFile }).join('\n')).toContain(message);
  });

  it('are in no mistake', () => {
    const text = "targets: { a: { url: 'ftp://me:geheim@h/', headers: { x: \"geheim\\n\", 'b c': geheim }, expect: { status: geheim } } }";
    expect(mistakes(text).join('\n').replace('targets.a.expect.status: expected a whole number from 200 to 599, got "geheim"', '')).not.toContain('geheim');
  });
});

describe('a scenario without secrets', () => {
  it('is the same when it is made so again, and holds none that an older record holds', () => {
    const scenario = parse("targets: { a: { url: 'http://me:geheim@h/?token=geheim', headers: { x: geheim }, body: geheim, command: 'K=geheim run --api-key geheim' } }");
    const open = withoutSecrets(scenario);
    expect(JSON.stringify(open)).not.toContain('geheim');
    expect(withoutSecrets(open)).toEqual(open);
    const [target] = open.targets;
    const old = { ...open, targets: [{ ...target!, url: 'http://me:geheim@h/', headers: { x: 'geheim' }, body: 'geheim', expect: { status: [], body: 'geheim' } }] };
    expect(JSON.stringify(withoutSecrets(old))).not.toContain('geheim');
  });
});

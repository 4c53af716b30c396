import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { markedSecret, reveal, Secret } from '../../src/base/secret.js';

describe('a secret', () => {
  const secret = new Secret('geheim');

  it.each([
    ['a text', () => `${String(secret)} ${[secret].join()}`],
    ['JSON', () => JSON.stringify({ secret })],
    ['what is printed for developers', () => inspect({ secret }, { depth: 9, showHidden: true })],
    ['its own keys', () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret).map(String)])],
  ])('is not in %s', (_, print) => {
    expect(print()).not.toContain('geheim');
  });

  it('is told to who uses it', () => {
    expect(reveal(secret)).toBe('geheim');
    expect(reveal('plain')).toBe('plain');
  });

  it('may say where it comes from', () => {
    expect(String(new Secret('geheim', '${TOKEN}'))).toBe('${TOKEN}');
  });

  it('tells two long texts apart by a mark', () => {
    expect(String(markedSecret('a'))).toMatch(/^\*\*\* \(sha256 [0-9a-f]{4}\.\.\.\)$/);
    expect(String(markedSecret('a'))).toBe(String(markedSecret('a')));
    expect(String(markedSecret('a'))).not.toBe(String(markedSecret('b')));
    expect(String(markedSecret('a', 'x'))).toBe(String(markedSecret('b', 'x')));
  });
});

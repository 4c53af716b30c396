import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatCommand } from '../../src/report/command.js';
import { oneLine } from '../../src/report/format.js';
import { cases } from '../support/properties.js';

const repeat = (command: string[]): string =>
  repeatCommand({ tool: { name: 'sync-vs-events', version: '1' }, command, seed: 7 });

describe('repeatCommand', () => {
  it('survives a shell word for word', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme-ascii' }).filter((text) => oneLine(text) === text);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const script = repeat([...words, '--seed', '7']).replace('sync-vs-events', 'printf "%s\\n"');
        expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe([...words, '--seed', '7', ''].join('\n'));
      }),
      { numRuns: cases(30) },
    );
  });
});

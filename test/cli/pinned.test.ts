import { array, assert, oneof, property, record, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pinned } from '../../src/cli/pinned.js';
import { Terminal } from '../support/terminal.js';

const HEIGHT = 12;
const word = stringMatching(/^[a-z]{1,20}$/);

describe('lines that stay in place', () => {
  it('are all that a terminal shows of them, whatever was shown before, and nothing when they are cleared', () => {
    const lines = array(word, { maxLength: HEIGHT - 1 });
    const step = oneof(record({ show: lines }), record({ say: word }));
    assert(
      property(array(word, { maxLength: 30 }), array(step, { minLength: 1, maxLength: 12 }), (before, steps) => {
        const terminal = new Terminal(20, HEIGHT);
        for (const line of before) terminal.write(`${line}\n`);
        const pinned = new Pinned(terminal);
        let [above, last]: [string[], string] = [[], ''];
        for (const next of steps) {
          if ('show' in next) pinned.show((above = next.show));
          else pinned.say((last = next.say));
          expect(terminal.shown()).toEqual([...before, ...above, last].join('\n').trimEnd().split('\n'));
        }
        pinned.clear();
        pinned.clear();
        terminal.write('the report\n');
        expect(terminal.shown()).toEqual([...before, 'the report']);
      }),
    );
  });

  it('stay where they are on a terminal whose width nobody has set', () => {
    const written: string[] = [];
    const pinned = new Pinned({ columns: 0, write: (text) => void written.push(text) });
    pinned.show(['one', 'two']);
    pinned.say('three');
    pinned.clear();
    expect(written.at(-1)).toBe('\r\u001b[2A\r\u001b[2K\n\u001b[2K\n\u001b[2K\u001b[2A');
  });
});

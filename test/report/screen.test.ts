import { describe, expect, it } from 'vitest';
import { screenOf } from '../../src/report/screen.js';

const tty = { isTTY: true, columns: 120 };
const utf8 = { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };

describe('screenOf', () => {
  it('trusts a terminal', () => {
    expect(screenOf(tty, utf8)).toEqual({ columns: 120, colour: true, unicode: true, tty: true });
  });

  it('writes plain text into a file or pipe', () => {
    expect(screenOf({}, utf8)).toEqual({ columns: 80, colour: false, unicode: true, tty: false });
  });

  it.each([
    [tty, { NO_COLOR: '1' }, false],
    [tty, { NO_COLOR: '' }, true],
    [tty, { TERM: 'dumb' }, false],
    [tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, true],
    [tty, { FORCE_COLOR: '0' }, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: 'true', TERM: 'dumb' }, true],
  ])('%j under %j has colour: %s', (output, env, colour) => {
    expect(screenOf(output, env).colour).toBe(colour);
  });

  it.each([
    [{ LANG: 'C.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, true],
    [{ LANG: 'C.UTF-8', TERM: 'dumb' }, false],
    [{ LANG: 'C.UTF-8', TERM: 'linux' }, false],
    [{ OS: 'Windows_NT', WT_SESSION: 'x' }, true],
    [{ OS: 'Windows_NT' }, false],
  ])('under %j it can show more than ASCII: %s', (env, unicode) => {
    expect(screenOf(tty, env).unicode).toBe(unicode);
  });

  it.each([
    [{ columns: 100 }, { COLUMNS: '200' }, 100],
    [{}, { COLUMNS: '200' }, 200],
    [{}, { COLUMNS: 'wide' }, 80],
    [{}, { COLUMNS: '0' }, 80],
  ])('%j under %j is %d columns wide', (output, env, columns) => {
    expect(screenOf(output, env).columns).toBe(columns);
  });
});

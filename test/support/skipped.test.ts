import { describe, expect, it } from 'vitest';
import { summary, type Ended } from './skipped.js';

const TMUX = 'tmux is missing (Debian and Ubuntu: apt install tmux)';

const passed: Ended = { state: 'passed', name: 'a', meta: {} };
const skipped: Ended = { state: 'skipped', name: 'b', meta: { missing: [TMUX] } };
const unknown: Ended = { state: 'skipped', name: 'c', meta: { unknown: 'The server reacted 300 ms late.' } };
const judged: Ended = { state: 'passed', name: 'd', meta: { unknown: '' } };

describe('the end of a run', () => {
  it('is silent where everything ran', () => {
    expect(summary([passed, judged], true)).toEqual({ lines: [], fails: false });
  });

  it('says once what is missing, and of how many tests', () => {
    expect(summary([skipped, passed, skipped], false)).toEqual({ lines: [`skipped 2 tests: ${TMUX}`], fails: false });
  });

  it('fails where nothing may be skipped, for whatever reason', () => {
    expect(summary([skipped, passed], true)).toEqual({
      lines: [`skipped 1 test: ${TMUX}`, '1 skipped: with CI=true that fails the run.'],
      fails: true,
    });
    expect(summary([{ ...skipped, meta: {} }], true).lines[0]).toBe('skipped 1 test: not chosen, or switched off');
  });

  it('tells what no machine need run, and does not fail for it', () => {
    const optional: Ended = { state: 'skipped', name: 'e', meta: { optional: 'TRACES names no folder' } };
    expect(summary([optional, passed], true)).toEqual({ lines: ['skipped 1 test: TRACES names no folder'], fails: false });
  });

  it('tells what stayed unknown, which is not skipped, and fails when that is more than a fifth', () => {
    expect(summary([unknown, judged, judged, judged, judged], true)).toEqual({
      lines: ['unknown: c: The server reacted 300 ms late.'],
      fails: false,
    });
    expect(summary([unknown, judged], false)).toEqual({
      lines: ['unknown: c: The server reacted 300 ms late.', '1 of 2 stayed unknown: more than a fifth fails the run.'],
      fails: true,
    });
  });
});

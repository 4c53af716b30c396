import { describe, expect, it } from 'vitest';
import { endedSentence } from '../../src/processes/child.js';

describe('endedSentence', () => {
  it('names the signal', () => {
    expect(endedSentence('load', { code: null, signal: 'SIGKILL', stderr: '' })).toBe(
      'The load process was killed by SIGKILL',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { blockOf } from '../../../src/verdict/pairs/block.js';
import { measured } from '../../support/measured.js';

describe('blockOf', () => {
  it('takes the response times of all answered requests, and counts whatever was not good as failed', () => {
    expect(blockOf(measured({ subject: 'head', ms: 120, sent: 300, failureRate: 0.01 }))).toEqual({
      p50: 120, p95: 120, throughput: 29.7, sent: 300, failed: 3,
    });
  });

  it('has no times when nothing was answered', () => {
    expect(blockOf(measured({ subject: 'head', ms: 1, sent: 0 }))).toEqual({ p50: null, p95: null, throughput: 0, sent: 0, failed: 0 });
  });
});

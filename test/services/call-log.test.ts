import { describe, expect, it } from 'vitest';
import { CallLogWriter } from '../../src/services/call-log.js';

describe('the call log', () => {
  it('keeps every call beyond its first capacity, in order', () => {
    const log = new CallLogWriter();
    for (let request = 0; request < 5000; request++) {
      const abandoned = request % 2 === 1;
      log.add({ request, number: 0, step: 1, queueTime: 0.5, serviceTime: 20, endedAt: request + 0.25, abandoned }, 'error');
    }
    const calls = log.read(['payment', 'email']);
    expect(calls.request).toHaveLength(5000);
    expect([calls.request[4999], calls.endedAt[4999], calls.abandoned[4999]]).toEqual([4999, 4999.25, 1]);
    expect([calls.step[7], calls.queueTime[7], calls.serviceTime[7], calls.outcome[7]]).toEqual([1, 0.5, 20, 1]);
    expect(calls.steps).toEqual(['payment', 'email']);
  });

  it('reads what was logged so far, and nothing else', () => {
    const log = new CallLogWriter();
    expect(log.read([]).request).toHaveLength(0);
    log.add({ request: -3, number: 0, step: 0, queueTime: 0, serviceTime: 1, endedAt: 2, abandoned: false }, 'ok');
    expect(Array.from(log.read([]).request)).toEqual([-3]);
  });
});

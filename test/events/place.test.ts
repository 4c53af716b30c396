import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageOf } from '../../src/base/errors.js';
import { inTime } from '../../src/events/place.js';

const PLACE = { name: 'sqs', url: 'https://key:geheim@queues.example' } as const;

describe('what a bus holds', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is what it tells in time', async () => {
    expect(await inTime(PLACE, Promise.resolve({ email: ['/test|1'] }))).toEqual({ email: ['/test|1'] });
  });

  it('may be too much to be told in a minute, which is no matter of rights', async () => {
    const told = inTime(PLACE, new Promise(() => {})).catch(messageOf);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await told).toBe(
      'The SQS server at https://key:***@queues.example has not told within 60 s which events still wait. Have fewer wait at the end: less load, a shorter trial, or a longer drain.',
    );
  });

  it('is refused for a reason of its own all the same', async () => {
    await expect(inTime(PLACE, Promise.reject(new Error('AccessDenied')))).rejects.toThrow(/^AccessDenied$/);
  });
});

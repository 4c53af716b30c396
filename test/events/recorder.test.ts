import { describe, expect, it } from 'vitest';
import type { HistoryEntry, HistoryKind } from '../../src/events/history.js';
import { memoryRecorder, WaitingCount } from '../../src/events/recorder.js';

function entry(kind: HistoryKind, event: string, consumer = ''): HistoryEntry {
  return { kind, event, request: 0, sequence: 1, consumer, at: 0 };
}

describe('memoryRecorder', () => {
  it('keeps what it was given, in order', () => {
    const recorder = memoryRecorder();
    const entries = [entry('attempted', 'a'), entry('acknowledged', 'a'), entry('attempted', 'b')];
    for (const each of entries) recorder.record(each);
    expect(recorder.entries()).toEqual(entries);
    recorder.close();
  });

  it('counts for each consumer what is acknowledged and not finished', () => {
    const recorder = memoryRecorder();
    recorder.expect('email');
    recorder.expect('analytics');
    for (const event of ['a', 'b', 'c']) recorder.record(entry('acknowledged', event));
    recorder.record(entry('started', 'a', 'email'));
    expect(recorder.backlog()).toEqual({ email: 3, analytics: 3 });
    recorder.record(entry('processed', 'a', 'email'));
    recorder.record(entry('deadLettered', 'b', 'email'));
    expect(recorder.backlog()).toEqual({ email: 1, analytics: 3 });
  });

  it('is not misled by the order of entries, by duplicates or by what was never acknowledged', () => {
    const recorder = memoryRecorder();
    recorder.expect('email');
    for (const each of [
      entry('processed', 'early', 'email'),
      entry('acknowledged', 'early'),
      entry('acknowledged', 'twice'),
      entry('processed', 'twice', 'email'),
      entry('processed', 'twice', 'email'),
      entry('acknowledged', 'twice'),
      entry('processed', 'recovered', 'email'),
      entry('rejected', 'recovered'),
      entry('acknowledged', 'waits'),
    ]) {
      recorder.record(each);
    }
    expect(recorder.backlog()).toEqual({ email: 1 });
  });
});

describe('WaitingCount', () => {
  it('takes up what an earlier life left waiting, once', () => {
    const count = new WaitingCount();
    const earlier = [entry('acknowledged', 'a'), entry('acknowledged', 'b'), entry('processed', 'b', 'email')];
    count.expect('email', earlier);
    count.expect('email', earlier);
    expect(count.byConsumer()).toEqual({ email: 1 });
  });
});

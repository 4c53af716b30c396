import { describe, expect, it } from 'vitest';
import { bookFaults, faultNotes, isFaulty } from '../../src/measurement/fault-accounting.js';
import type { FaultMark } from '../../src/measurement/record.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { observationsOf, type Request } from './fixtures.js';

const CRASH: FaultMark = { fault: 'crash server at 1s for 500ms', kind: 'crash', process: 'server', at: 1002, until: 1734 };
const PAUSE: FaultMark = { fault: 'pause consumer at 2s for 1s', kind: 'pause', process: 'consumer', at: 2000, until: null };

const request = (index: number, more: Partial<Request> = {}): Request => ({ index, intendedAt: index, endedAt: index + 1, ...more });

describe('bookFaults', () => {
  const rows = [
    request(-1, { outcome: 'hangup' }),
    request(0),
    request(1, { outcome: 'hangup' }),
    request(2, { outcome: 'connection' }),
    request(3, { outcome: 'connection', unreached: true }),
  ];

  it('books what a killed server had not counted, and no more than ended with a broken connection', () => {
    const booked = (received: number) => bookFaults({ received, unreached: 1 }, observationsOf(rows), [CRASH]).uncounted;
    expect([booked(3), booked(2), booked(1)]).toEqual([0, 1, 2]);
    // The third missing one got a good answer: a server must have counted it.
    expect(booked(0)).toBe(2);
    // Too many is no reason to take some away.
    expect(booked(5)).toBe(0);
  });

  it('leaves the books alone where no server was killed, or does not tell', () => {
    expect(bookFaults({ received: 1, unreached: 1 }, observationsOf(rows), [PAUSE])).toEqual({ received: 1, unreached: 1 });
    expect(bookFaults({ received: null, unreached: 1 }, observationsOf(rows), [CRASH])).toEqual({ received: null, unreached: 1 });
  });
});

describe('isFaulty', () => {
  it('is a process that something was done to', () => {
    expect(['server', 'consumers', 'services', 'load'].filter((name) => isFaulty(name, [CRASH, PAUSE]))).toEqual(['server', 'consumers']);
  });
});

describe('faultNotes', () => {
  it('tells what happened, what did not, and what is missing', () => {
    const subject = subjectOf(builtIn('checkout') as Scenario, 'hybrid') as Subject;
    const faults: Subject['faults'] = [
      { kind: 'crash', process: 'server', at: 1000, for: 500 },
      { kind: 'pause', process: 'consumer', at: 2000, for: 1000 },
      { kind: 'crash', process: 'broker', at: 60_000, for: 500 },
      { kind: 'drop', share: 0.01 },
    ];
    expect(faultNotes({ ...subject, faults }, [CRASH, PAUSE], { received: 9, unreached: 0, uncounted: 1 })).toEqual([
      'The server was killed 1 s into the window, and was back 732 ms later.',
      'The consumer was stopped 2 s into the window, and did not come back.',
      'Faults of deliveries: drop 1%.',
      'The fault "crash broker at 1m for 500ms" did not happen: the window had ended, or there is no such process here.',
      'On their way to the server when it was killed, and not counted by it: 1 request.',
    ]);
  });
});

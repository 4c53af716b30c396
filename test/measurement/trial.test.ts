import { describe, expect, it } from 'vitest';
import { measureTrial } from '../../src/measurement/trial.js';
import { checkout, entry, rawTrial, serviceOf, stepReport, usage } from './fixtures.js';

const ROWS = [
  { index: -1, intendedAt: 9500, endedAt: 9900 },
  { index: 0, intendedAt: 10_000, endedAt: 10_100 },
  { index: 1, intendedAt: 10_000, endedAt: 10_200, outcome: 'http5xx' as const },
  { index: 2, intendedAt: 10_000, endedAt: 10_001, outcome: 'connection' as const, unreached: true },
];

describe('measureTrial', () => {
  it('folds the reports of a request-driven trial', () => {
    const raw = rawTrial(ROWS);
    raw.server.steps = [stepReport('payment', { calls: 2 })];
    raw.services.services = [serviceOf('payment', [{ request: 1, step: 'payment', serviceTime: 300 }])];
    expect(measureTrial(raw)).toMatchObject({
      architecture: 'sync', base: 'sync', round: 1, state: 'measured', load: { model: 'closed', users: 10 },
      window: { startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, warmupSeconds: 0.5 },
      outcomes: { sent: 3, ok: 1, http5xx: 1, connection: 1 },
      failureRate: 2 / 3,
      throughput: 1,
      ideal: { mean: 1050 },
      server: { received: 2, unreached: 1 },
      orphaned: 1,
      failedLater: 0,
      steps: { payment: { calls: 2, serviceTime: { count: 1 } } },
      events: null,
      validity: { valid: true, problems: [], notes: [] },
    });
  });

  it('folds the event side, from whichever process it ran in', () => {
    const raw = rawTrial(ROWS, {
      subject: checkout('hybrid'),
      consumers: {
        steps: [stepReport('email', { calls: 1 })],
        services: [],
        usage: usage({ eventLoop: 0.5 }),
      },
      history: [
        entry('attempted', 0, '', 10_090),
        entry('acknowledged', 0, '', 10_095),
        entry('deadLettered', 0, 'email', 10_500),
      ],
    });
    const trial = measureTrial(raw);
    expect(trial).toMatchObject({ failedLater: 1, steps: { email: { calls: 1 } } });
    expect(trial.events).toMatchObject({ acknowledged: 1, deadLettered: 1, pending: 0, completionTime: { censored: 1 } });
    expect(Object.keys(trial.processes)).toEqual(['load', 'server', 'services', 'consumers']);
  });

  it('believes the bus about what it still holds', () => {
    const raw = rawTrial(ROWS, { subject: checkout('hybrid'), held: {} });
    raw.server.history = [entry('attempted', 0, '', 10_090), entry('acknowledged', 0, '', 10_095)];
    expect(measureTrial(raw)).toMatchObject({ failedLater: 1, events: { lost: 1, pending: 0 } });
    delete raw.held;
    expect(measureTrial(raw)).toMatchObject({ failedLater: 0, events: { lost: 0, pending: 1 } });
  });

  it('counts unreached requests from the first on, and none of the warm-up', () => {
    const rows = [-1, 0, 1].map((index) => ({
      index, intendedAt: 10_000 + 100 * index, endedAt: 10_001 + 100 * index, outcome: 'connection' as const, unreached: true,
    }));
    expect(measureTrial(rawTrial(rows))).toMatchObject({ server: { received: 0, unreached: 2 }, validity: { valid: true } });
  });

  it('is invalid when the books do not balance', () => {
    const raw = rawTrial(ROWS);
    raw.server.received = 1;
    expect(measureTrial(raw).validity).toMatchObject({ valid: false });
  });

  it('survives being saved: nothing in it is lost in JSON', () => {
    const trial = measureTrial(rawTrial(ROWS, { subject: checkout('hybrid') }));
    expect(JSON.parse(JSON.stringify(trial))).toEqual(trial);
  });
});

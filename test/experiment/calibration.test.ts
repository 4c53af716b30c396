import { describe, expect, it } from 'vitest';
import { calibrationEntry, calibrationOf, withCalibration } from '../../src/experiment/calibration.js';
import { checkout, observationsOf } from '../measurement/fixtures.js';
import { measured } from '../support/measured.js';

describe('a calibration', () => {
  const ideal = (request: number): number => 100 - request;

  it('is the good request that came nearest to arithmetic', () => {
    const observations = observationsOf([
      { index: -1, intendedAt: 1000, endedAt: 1141 },
      { index: -2, intendedAt: 2000, endedAt: 2105 },
      { index: -3, intendedAt: 3000, endedAt: 3103, outcome: 'http5xx' },
    ]);
    expect(calibrationOf(observations, ideal)).toEqual({ measured: 105, ideal: 102 });
  });

  it('is none without a good answer', () => {
    expect(calibrationOf(observationsOf([{ index: -1, intendedAt: 0, endedAt: 5, outcome: 'timeout' }]), ideal)).toBeNull();
  });
});

describe('the requests of a calibration', () => {
  it('overlap where there is room for both, and follow each other where there is not', () => {
    const subject = checkout('sync');
    expect(calibrationEntry(subject, 1)).toBe(200);
    const [payment, ...others] = subject.services;
    const scarce = { ...subject, services: [{ ...payment!, workers: 1 }, ...others] };
    expect(calibrationEntry(scarce, 1)).toBe(2 * (1050 + 100));
    const [first, ...rest] = subject.steps;
    const narrow = { ...subject, steps: [{ ...first!, connections: 1 }, ...rest] };
    expect(calibrationEntry(narrow, 1)).toBe(2 * (1050 + 100));
  });
});

describe('a calibrated trial', () => {
  const judged = (calibration: Parameters<typeof withCalibration>[1]) => {
    const { validity } = withCalibration(measured({ subject: 'sync', ms: 1 }), calibration);
    return [...validity.problems, ...validity.notes, validity.valid];
  };

  it.each([
    [{ measured: 1070, ideal: 1050 }],
    [{ measured: 1102, ideal: 1050 }],
    [{ measured: 20, ideal: 0 }],
    [undefined],
  ])('is valid near arithmetic: %j', (calibration) => {
    expect(judged(calibration)).toEqual([true]);
  });

  it('is not valid when the machine adds to it', () => {
    expect(judged({ measured: 1110, ideal: 1050 })).toEqual([
      "With nothing waiting a request took 1110 ms, and its services take 1050 ms: these response times are the machine's.",
      false,
    ]);
  });

  it('is not valid when the services are too fast', () => {
    expect(judged({ measured: 900, ideal: 1050 })[0]).toContain('the services were faster than they should be');
  });

  it('says so when it could not be calibrated', () => {
    expect(judged(null)).toEqual(['Unloaded requests got no good answer: what the machine adds to them is not known.', true]);
  });
});

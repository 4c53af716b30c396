import { describe, expect, it } from 'vitest';
import { stepResults } from '../../src/measurement/steps.js';
import { checkout, serviceOf, stepReport } from './fixtures.js';

describe('stepResults', () => {
  it("joins the caller's counts and the service's times, warm-up left out", () => {
    const services = [
      serviceOf(
        'email',
        [
          { request: -1, step: 'email', queueTime: 999, serviceTime: 999 },
          { request: 0, step: 'email', queueTime: 10, serviceTime: 400 },
          { request: 1, step: 'email', queueTime: 30, serviceTime: 402, outcome: 'error' },
        ],
        0.9,
      ),
    ];
    const { email } = stepResults(checkout('sync'), [stepReport('email', { calls: 2, ok: 1, failed: 1, errors: 1 })], services);
    expect(email).toMatchObject({
      service: 'email', calls: 2, ok: 1, failed: 1, errors: 1, timeouts: 0,
      utilisation: 0.9, workers: 20, peakInProgress: 3, peakConnections: 5,
      queueTime: { count: 2, min: 10, max: 30 },
      serviceTime: { count: 2, min: 400, max: 402 },
    });
  });

  it('keeps apart the steps that share a service', () => {
    const subject = checkout('sync');
    const shared = { ...subject, steps: subject.steps.map((step) => ({ ...step, call: 'payment' })) };
    const services = [
      serviceOf('payment', [
        { request: 0, step: 'payment', serviceTime: 1 },
        { request: 0, step: 'email', serviceTime: 2 },
      ]),
    ];
    const results = stepResults(shared, [stepReport('payment'), stepReport('email')], services);
    expect(results.payment?.serviceTime).toMatchObject({ count: 1, max: 1 });
    expect(results.email).toMatchObject({ service: 'payment', workers: 250, serviceTime: { count: 1, max: 2 } });
  });

  it('has no times of rejected calls, and of dropped ones only that they took at least so long', () => {
    const services = [
      serviceOf('email', [
        { request: 0, step: 'email', outcome: 'rejected' },
        { request: 1, step: 'email', outcome: 'dropped', queueTime: 70 },
        { request: 2, step: 'email', outcome: 'dropped', queueTime: 50, serviceTime: 0.5 },
      ]),
    ];
    const { email } = stepResults(checkout('sync'), [stepReport('email')], services);
    expect(email?.queueTime).toMatchObject({ count: 2, min: 50, max: 70, censored: 1 });
    expect(email?.serviceTime).toMatchObject({ count: 1, max: 0.5, censored: 1 });
  });

  it('adds up the reports of several processes', () => {
    const reports = [stepReport('email', { calls: 2, timeouts: 1 }), stepReport('email', { calls: 3 })];
    expect(stepResults(checkout('hybrid'), reports, []).email).toMatchObject({
      calls: 5, timeouts: 1, utilisation: null, peakInProgress: 0, peakConnections: 0, queueTime: { count: 0 },
    });
  });

  it('takes the service of a consumer on the event side only, and says "no limit" as null', () => {
    const subject = checkout('hybrid');
    subject.event.consumers = [{ ...subject.event.consumers[0]!, name: 'email', call: 'bulk-mail' }];
    subject.services.push({ ...subject.services[0]!, name: 'bulk-mail', workers: 'unlimited' });
    expect(stepResults(subject, [stepReport('email')], []).email).toMatchObject({ service: 'bulk-mail', workers: null });
    expect(stepResults({ ...subject, architecture: 'sync' }, [stepReport('email')], []).email?.service).toBe('email');
  });
});

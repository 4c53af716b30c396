import { describe, expect, it } from 'vitest';
import { mistakes, SMALL } from '../support.js';

function mistakesOf(rest: string): string[] {
  return mistakes(SMALL + rest).map((line) => line.replace('my.yaml:', ''));
}

describe('draftProblems', () => {
  it('takes users or rate', () => {
    expect(mistakesOf('load: { users: 5, rate: 5 }')).toEqual(['3:19: load.rate: expected either users or rate, got both']);
  });

  it('knows architectures and variants as subjects', () => {
    expect(mistakesOf('subjects: [all, quick]\nvariants: { quik: { architecture: sync } }')).toEqual([
      '3:12: subjects.0: expected an architecture or a variant (quik, sync, parallel, hybrid, event-driven), got "all"',
      '3:17: subjects.1: expected an architecture or a variant (quik, sync, parallel, hybrid, event-driven), got "quick"; did you mean "quik"?',
    ]);
  });

  it('keeps the names of architectures for architectures', () => {
    expect(mistakesOf('variants: { sync: { architecture: hybrid } }')).toEqual([
      '3:13: variants.sync: expected a name of its own, got that of an architecture',
    ]);
  });

  it('finds names in variants that the scenario does not have', () => {
    const variant = '{ architecture: hybrid, services: { emial: 1s }, steps: { paymnt: { critical: false } } }';
    expect(mistakesOf(`variants: { v: ${variant} }`)).toEqual([
      '3:52: variants.v.services.emial: expected a service (payment, email), got "emial"; did you mean "email"?',
      '3:74: variants.v.steps.paymnt: expected a step (payment, email), got "paymnt"; did you mean "payment"?',
    ]);
  });

  it('finds orders that a variant breaks', () => {
    expect(mistakesOf('variants: { v: { architecture: sync, steps: { payment: { after: email } } } }')).toEqual([
      '3:65: variants.v.steps.payment.after.0: this step is critical and "email" is not: its work comes after the reply; make both critical, or neither',
      '3:65: variants.v.steps.payment.after: these steps wait for each other: payment -> email -> payment',
    ]);
  });

  it('says once what is wrong with the scenario and so with its variants', () => {
    expect(mistakes('services: { a: 1ms }\nsteps: [b!]\nvariants: { v: { architecture: sync } }')).toHaveLength(1);
  });
});

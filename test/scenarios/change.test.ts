import { describe, expect, it } from 'vitest';
import type { Variant } from '../../src/scenarios/scenario.js';
import { parse } from './support.js';

const BASE = `
services: { payment: 300ms, inventory: { latency: 200ms, workers: 7 }, email: 400ms, audit: 10ms }
steps:
  - { call: payment, critical: true, retries: { attempts: 3, budget: 10% }, breaker: { trip: 30% } }
  - inventory!
  - email
event: { type: a.b, consumers: { email: { workers: 5, attempts: 9 }, audit: {} } }
variants:
  v:
`;

function variantOf(lines: string): Variant {
  const [variant] = parse(BASE + lines.replaceAll(/^/gm, '    ')).variants;
  if (!variant) throw new Error('no variant');
  return variant;
}

describe('a variant', () => {
  it('without changes is the scenario in an architecture', () => {
    const variant = variantOf('architecture: parallel');
    const { services, steps, event, server } = parse(`${BASE}    architecture: parallel`);
    expect(variant).toEqual({ name: 'v', title: 'v', architecture: 'parallel', services, steps, event, server, faults: [] });
  });

  it('changes the server field by field', () => {
    expect(variantOf('architecture: sync\nserver: { processes: 4 }').server).toEqual({ processes: 4, work: 0.15 });
  });

  it('changes services field by field', () => {
    const { services } = variantOf('architecture: sync\nservices: { inventory: { queue: 3 }, email: 1s }');
    expect(services[1]).toMatchObject({ latency: { ms: 200 }, workers: 7, queue: 3 });
    expect(services[2]).toMatchObject({ latency: { ms: 1000 }, workers: 100 });
  });

  it('changes retries and breakers field by field, and takes them away', () => {
    const { steps } = variantOf(
      'architecture: sync\nsteps: { payment: { retries: { attempts: 5 }, breaker: { reset: 1s } } }',
    );
    expect(steps[0]).toMatchObject({ retries: { attempts: 5, budget: 0.1 }, breaker: { trip: 0.3, reset: 1000 } });
    expect(variantOf('architecture: sync\nsteps: { payment: { breaker: none } }').steps[0]?.breaker).toBeNull();
    expect(variantOf('architecture: sync\nsteps: { email: { breaker: {} } }').steps[2]?.breaker).not.toBeNull();
  });

  it('decides anew what waits for what, and what a consumer does', () => {
    const { steps, event } = variantOf(
      'architecture: hybrid\nsteps: { inventory: { critical: false }, email: { critical: true } }',
    );
    expect(steps.map(({ after }) => after)).toEqual([[], ['payment'], ['payment']]);
    expect(event.consumers.map(({ name }) => name)).toEqual(['inventory', 'audit']);
  });

  it('keeps the name of a step that calls another service', () => {
    const { steps, event } = variantOf('architecture: hybrid\nsteps: { email: { call: audit } }');
    expect(steps[2]).toMatchObject({ name: 'email', call: 'audit' });
    expect(event.consumers[0]).toMatchObject({ name: 'email', call: 'audit', workers: 5 });
  });

  it('changes the event and its consumers field by field', () => {
    const { event } = variantOf(
      'architecture: hybrid\nevent: { messages: 8, consumers: { email: { workers: 2 }, mirror: { call: audit } } }',
    );
    expect(event).toMatchObject({ type: 'a.b', messages: 8 });
    expect(event.consumers).toMatchObject([
      { name: 'email', workers: 2, attempts: 9 },
      { name: 'audit' },
      { name: 'mirror', call: 'audit' },
    ]);
  });

  it('gives a moved step the workers of its service as the variant has it', () => {
    const { event } = variantOf(
      'architecture: hybrid\nservices: { inventory: { workers: 9 } }\nsteps: { inventory: { critical: false } }',
    );
    expect(event.consumers[0]).toMatchObject({ name: 'inventory', workers: 9 });
  });
});

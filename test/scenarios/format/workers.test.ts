import { describe, expect, it } from 'vitest';
import { mistakeIn } from '../../../src/scenarios/format/field.js';
import { formatWorkers, workers } from '../../../src/scenarios/format/workers.js';
import { resolvedYaml } from '../../../src/scenarios/resolved.js';
import { mistakes, parse } from '../support.js';

describe('workers', () => {
  const text = `
services:
  a: { latency: 1ms, workers: { min: 2, max: 20, start: 3s } }
  b: { latency: 1ms, workers: { min: 0, max: 5, start: 500ms, target: 100%, idle: 5s } }
  c: 1ms
steps: [a!, b, c]
event: { consumers: { c: { workers: { max: 9, start: 0ms } } } }
variants: { fixed: { architecture: hybrid, services: { a: { workers: 7 } }, event: { consumers: { c: { workers: 3 } } } } }
`;
  const scenario = parse(text);

  it('may scale, those of services and of consumers, and no longer do where a variant says so many', () => {
    expect(scenario.services.map((service) => [service.workers, service.scaling])).toEqual([
      [20, { min: 2, start: 3000, target: 0.7, idle: 60_000 }],
      [5, { min: 0, start: 500, target: 1, idle: 5000 }],
      [100, undefined],
    ]);
    // Without workers of its own a consumer has as many as its service at most, and always.
    expect(scenario.event.consumers.map((consumer) => [consumer.workers, consumer.scaling])).toEqual([[5, undefined], [9, { min: 1, start: 0, target: 0.7, idle: 60_000 }]]);
    const [fixed] = scenario.variants;
    expect([fixed!.services[0], fixed!.event.consumers[1]].map((one) => [one!.workers, one!.scaling])).toEqual([[7, undefined], [3, undefined]]);
  });

  it('are written out and read back', () => {
    expect(resolvedYaml(scenario)).toContain('workers: { min: 2, max: 20, start: 3s, target: 0.7, idle: 1m }');
    expect(parse(resolvedYaml(scenario))).toEqual(scenario);
    expect(formatWorkers('unlimited', undefined)).toBe('unlimited');
  });

  it.each([
    [0, 'expected a whole number from 1 to 1000000, or "unlimited", got 0'],
    [{ min: 2, start: '3s' }, 'is missing in workers that scale'],
    [{ max: 2 }, 'is missing in workers that scale'],
    [{ max: 2, start: 3 }, 'expected a duration from 0ms to 60m, such as 300ms or 2s, got 3; did you mean "3s"?'],
    [{ min: 3, max: 2, start: '3s' }, 'expected a min that is not above max'],
    [{ max: 2, start: '3s', target: 0 }, 'expected a target above 0, such as 70%'],
  ])('%j are none', (written, mistake) => expect(mistakeIn(workers, written)).toBe(mistake));

  it('are refused at their place', () => {
    expect(mistakes('services: { a: { latency: 1ms, workers: { mn: 1, max: 2, start: 3s } } }\nsteps: [a!]')).toEqual([
      'my.yaml:1:43: services.a.workers.mn: unknown in workers that scale, which has min, max, start, target, idle; did you mean "min"?',
    ]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { builtIn, builtInNames } from '../../src/scenarios/library/library.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { scenarioFile } from './arbitrary.js';
import { parse, SMALL } from './support.js';
import { cases } from '../support/properties.js';

describe('resolvedYaml', () => {
  it('writes everything out', () => {
    expect(resolvedYaml(parse(SMALL, { file: 'small.yaml' }))).toBe(`name: small
title: small
services:
  payment:
    latency: 300ms
    workers: 100
    queue: unlimited
    errors: 0
    rate: unlimited
    priority: none
    outages: []
    abandoned: finish
  email:
    latency: 400ms
    workers: 100
    queue: unlimited
    errors: 0
    rate: unlimited
    priority: none
    outages: []
    abandoned: finish
steps:
  - name: payment
    call: payment
    critical: true
    share: 1
    onError: fail
    effect: true
    after: []
    timeout: 3s
    retries: { attempts: 1, backoff: 100ms, jitter: full, budget: 1, retryAfter: heed }
    breaker: none
    connections: unlimited
    pool: none
    group: none
    rate: unlimited
    times: 1
    concurrency: 1
    fallback: none
    compensate: none
  - name: email
    call: email
    critical: false
    share: 1
    onError: fail
    effect: true
    after: [ payment ]
    timeout: 3s
    retries: { attempts: 1, backoff: 100ms, jitter: full, budget: 1, retryAfter: heed }
    breaker: none
    connections: unlimited
    pool: none
    group: none
    rate: unlimited
    times: 1
    concurrency: 1
    fallback: none
    compensate: none
event:
  type: order.placed
  after: payment
  messages: 1
  payload: 0
  wait: false
  inbox: true
  publish: 0ms
  consumers:
    email:
      call: email
      share: 1
      after: []
      workers: 100
      batch: none
      timeout: 3s
      rate: unlimited
      times: 1
      concurrency: 1
      attempts: 3
      backoff: 100ms
      delay: 0ms
deadline: none
server: { processes: 1, work: 0.15ms }
faults: []
load:
  users: [ 10, 100, 500 ]
  think: 0ms
  duration: 10s
  warmup: auto
  timeout: 10s
  drain: 2s
  rounds: 1
subjects: [ sync, hybrid ]
variants: {}
thresholds: []
`);
  });

  it.each(builtInNames())('%s is read back as it was', (name) => {
    const scenario = builtIn(name);
    if (!scenario) throw new Error(`no ${name}`);
    expect(parse(resolvedYaml(scenario))).toEqual(scenario);
  });

  it('is read back as it was, whatever was written', () => {
    fc.assert(
      fc.property(scenarioFile, fc.boolean(), (file, json) => {
        const scenario = parse(json ? JSON.stringify(file) : stringify(file));
        expect(parse(resolvedYaml(scenario))).toEqual(scenario);
      }),
      { numRuns: cases(40) },
    );
  });
});

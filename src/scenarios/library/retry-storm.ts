import type { LibraryEntry } from './entry.js';

export const retryStorm: LibraryEntry = {
  group: 'the claim',
  article:
    'In a chain of calls trouble travels: a short weakness of one service becomes timeouts, timeouts become ' +
    'retries, and the retries keep it down long after the cause has gone.',
  yaml: `\
name: retry-storm
title: A slow second, and retries that make it last
description: |
  Pricing serves 200 calls a second and is asked 150 times; for one second it is five times slower. naive tries four
  times at once after every timeout: 600 calls a second for a service that can do 200, most of them for callers who
  have gone, and it never recovers. once does not try again and comes back within some seconds. careful tries once
  more, after a pause, for 10 % of the calls at most, behind a breaker that stops asking while it fails.
  Look at the failure rate, and at calls, shortCircuited and budgetExhausted of the pricing step. Moving pricing onto
  an event is no way out: the reply needs the price.

services:
  pricing:
    latency: 100ms
    workers: 20
    outages: [{ from: 0s, for: 1s, kind: slow, factor: 5 }]

steps:
  - { call: pricing, critical: true, timeout: 400ms }

load:
  rate: 150

variants:
  naive:
    title: four attempts, one right after the other
    architecture: sync
    steps:
      pricing:
        retries: { attempts: 4, backoff: 0ms }
  once:
    title: no retries
    architecture: sync
  careful:
    title: one retry after a pause, a budget of 10 %, a breaker
    architecture: sync
    steps:
      pricing:
        retries: { attempts: 2, backoff: 100ms, jitter: full, budget: 10% }
        breaker: { trip: 50%, minimum: 20, window: 1s, reset: 500ms }
`,
};

import type { LibraryEntry } from '../entry.js';

export const searchFallback: LibraryEntry = {
  group: 'chains',
  article:
    'A search page is put together from several answers, and is better with half of them than not at all.',
  yaml: `\
name: search-fallback
title: "A search: cache, index, spelling and ads, best effort"
noun: search
description: |
  Six of ten searches are in the cache; the others ask the index. Spelling and ads are best effort: they have 100
  ms, and the page comes without them when they take longer. strict fails the page instead.
  Look at strict, which fails nearly every fifth page, mostly for an ad, and at parallel: what is read can be read
  at once.

services:
  cache: 3ms
  index: { latency: { p50: 70ms, p99: 400ms } }
  spelling: { latency: { p50: 30ms, p99: 150ms } }
  ads: { latency: { p50: 40ms, p99: 300ms } }
  log: 15ms

steps:
  - { call: cache, critical: true, effect: false }
  - { call: index, critical: true, effect: false, share: 40%, after: cache }
  - { call: spelling, critical: true, effect: false, after: cache, timeout: 100ms, onError: continue }
  - { call: ads, critical: true, effect: false, after: cache, timeout: 100ms, onError: continue }
  - log

event: { type: search.done }

load: { rate: 50 }

subjects: [sync, parallel, hybrid, strict]

variants:
  strict:
    title: a page without its ads is no page
    architecture: parallel
    steps: { spelling: { onError: fail }, ads: { onError: fail } }
`,
};

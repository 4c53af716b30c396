import type { LibraryEntry } from '../entry.js';

export const searchFallback: LibraryEntry = {
  group: 'chains',
  article:
    'A search page is put together from several answers, and is better with half of them than not at all.',
  story: `\
A page of results. The cache is asked first (3 ms) and knows six searches of ten; the others ask the index: 70 ms, and 400 ms
once in a hundred. Spelling (30 ms) and ads (40 ms) stand on the page when they come within 100 ms. A log hears of each search
(15 ms).

Three steps have an answer ready for when there is none. Spelling and ads are best effort: the page comes without them. The
index has a fallback: after 200 ms yesterday's copy of it is asked, which takes 15 ms and is nearly as good.

sync asks one after the other: [125 ms](sync@50: p50), and [279 ms](sync@50: p95) for 95 of 100. Of [3,000](sync@50: sent)
searches a minute, [101](sync@50: index.timeouts) are answered from yesterday, [442](sync@50: ads.timeouts) have no ads,
[111](sync@50: spelling.timeouts) no spelling, and [0%](sync@50: failure_rate) fail.

parallel asks index, spelling and ads at once, when the cache has answered: [77 ms](parallel@50: p50), and
[174 ms](parallel@50: p95) for 95 of 100. hybrid does the same and leaves the log to an event: [68 ms](hybrid@50: p50),
[174 ms](hybrid@50: p95). For the slow end there is no difference at all: a log of 15 ms that runs beside an index of 200 costs
nothing.

strict is parallel with neither: a page without its ads, or of yesterday, is an error. [20.7%](strict@50: failure_rate) of all
pages fail, most of them for an ad.

To be learned: what only reads can always be answered with something. Say what, and how long to wait for better; it is worth a
fifth of the pages, and no arrangement is worth as much. Then read at once what can be read at once.
`,
  yaml: `\
name: search-fallback
title: "A search: cache, index with a fallback, spelling and ads"
noun: search
description: |
  Six of ten searches are in the cache; the others ask the index, and take yesterday's index when it has not
  answered after 200 ms. Spelling and ads are best effort: they have 100 ms, and the page comes without them when
  they take longer. strict fails the page instead.
  Look at strict, which fails every fifth page, mostly for an ad, and at parallel: what is read can be read at once.

services:
  cache: 3ms
  index: { latency: { p50: 70ms, p99: 400ms } }
  yesterday: 15ms
  spelling: { latency: { p50: 30ms, p99: 150ms } }
  ads: { latency: { p50: 40ms, p99: 300ms } }
  log: 15ms

steps:
  - { call: cache, critical: true, effect: false }
  - { call: index, critical: true, effect: false, share: 40%, after: cache, timeout: 200ms, fallback: yesterday }
  - { call: spelling, critical: true, effect: false, after: cache, timeout: 100ms, onError: continue }
  - { call: ads, critical: true, effect: false, after: cache, timeout: 100ms, onError: continue }
  - log

event: { type: search.done }

load: { rate: 50 }

subjects: [sync, parallel, hybrid, strict]

variants:
  strict:
    title: a page without its ads, or of yesterday, is no page
    architecture: parallel
    steps: { index: { fallback: none }, spelling: { onError: fail }, ads: { onError: fail } }
`,
};

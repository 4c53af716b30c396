import type { LibraryEntry } from '../entry.js';

export const webhooks: LibraryEntry = {
  group: 'chains',
  article:
    'Telling partners of something is work that fails for reasons of theirs. Who waits for it has their ' +
    'failures as well.',
  yaml: `\
name: webhooks
title: "A change, and three partners who are told of it"
noun: change
description: |
  Each change is told to three partners, one of twenty calls fails, and a call takes 300 ms. In sync a change
  fails with any of them, after it was written. The consumer tries again: what fails once is told a second time to
  all three.
  Look at failures of sync, at those of best-effort, which are none and leave partners untold, and at calls of the
  consumer.

services:
  changes: 15ms
  partner: { latency: 300ms, errors: 5%, workers: 60 }

steps:
  - { own: 3ms }
  - changes!
  - { call: partner, times: 3, concurrency: unlimited }

event: { type: change.written }

load: { rate: 20 }

subjects: [sync, best-effort, hybrid]

variants:
  best-effort:
    title: whoever cannot be told is not told
    architecture: sync
    steps: { partner: { onError: continue } }
`,
};

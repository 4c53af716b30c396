import type { LibraryEntry } from '../entry.js';

export const webhooks: LibraryEntry = {
  group: 'chains',
  article:
    'Telling partners of something is work that fails for reasons of theirs. Who waits for it has their ' +
    'failures as well.',
  story: `\
Something changes, and three partners want to know. The change is written (15 ms, and 3 ms of the server's own), each partner is
called at the same time (300 ms), and one call in twenty fails: their deployment, their network, their certificate.

sync calls them before it answers: [318 ms](sync@20: p50). With three partners one change in seven has a failure:
[13.4%](sync@20: failure_rate) of the changes are told "failed", and [161](sync@20: orphaned) of [1,200](sync@20: sent) in a
minute stand in the database all the same. The failures are theirs, the errors are yours.

best-effort catches the error: none fails, [0%](best-effort@20: failure_rate), and as many partners as before have not been
told, for good: [161](best-effort@20: partner.failed) changes a minute that somebody never hears of. It takes as long as sync,
[318 ms](best-effort@20: p50), because it still waits for who answers.

hybrid answers when the change is written, in [18 ms](hybrid@20: p50), and its consumer tries up to three times. Of
[1,200](hybrid@20: sent) changes, [2](hybrid@20: failed_later) are given up in the end; the others are told within
[718 ms](hybrid@20: completion_p95), 95 of 100 of them.

The price is in the calls: [4,152](hybrid@20: partner.calls) in place of [3,600](sync@20: partner.calls). A delivery that failed
is tried again as a whole, so that partners who had heard of it hear of it twice. They have to know an event by its id; or each
partner gets a consumer of its own, and then a slow one is slow alone.

To be learned: work that fails for reasons of others, and that nobody waits for, is what consumers are best at: the retries, the
waiting and the giving up happen where they disturb nobody, and are counted.
`,
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

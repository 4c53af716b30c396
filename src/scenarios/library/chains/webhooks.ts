import type { LibraryEntry } from '../entry.js';

export const webhooks: LibraryEntry = {
  group: 'chains',
  article:
    'Telling partners of something is work that fails for reasons of theirs. Who waits for it has their ' +
    'failures as well.',
  story: `\
Something changes, and three partners want to know. The change is written (15 ms, and 3 ms of the server's own), each partner is
called at the same time (300 ms), and one call in twenty fails: their deployment, their network, their certificate.

sync calls them before it answers: [318 ms](sync@20: p50). With three partners one change in seven has a failure, although the
change is written. Whoever gets an error sends the change again, up to twice, after a second and after two: that is why only
[0.17%](sync@20: failure_rate) are told "failed" in the end, and why 95 of 100 take up to [1.64 s](sync@20: p95). The retries of
the clients are the price: [1,375](sync@20: attempts) attempts of [1,200](sync@20: sent) changes a minute,
and [161](sync@20: repeated_effects) changes that are written more than once. The failures are theirs, the errors are yours.

best-effort catches the error: none fails, [0%](best-effort@20: failure_rate), and in one change in seven a partner has not been
told, for good: [161](best-effort@20: partner.failed) changes a minute that somebody never hears of. It takes as long as sync,
[318 ms](best-effort@20: p50), because it still waits for who answers.

hybrid answers when the change is written, in [18 ms](hybrid@20: p50), and its consumer tries up to three times. Of
[1,200](hybrid@20: sent) changes, [2](hybrid@20: failed_later) are given up in the end; the others are told within
[718 ms](hybrid@20: completion_p95), 95 of 100 of them.

The price is in the calls: [4,152](hybrid@20: partner.calls) in place of [3,600](best-effort@20: partner.calls). A delivery that
failed is tried again as a whole, so that partners who had heard of it hear of it twice. They have to know an event by its id; or
each partner gets a consumer of its own, and then a slow one is slow alone.

limited is hybrid with partners that take 75 calls a second together, three at once, which is more than they are called on
average. What is delivered again comes beside what is new, [954](limited@20: partner.limited) calls are refused (429), and each
of these is a delivery that has failed: [158](limited@20: failed_later) changes are given up. paced holds its own calls to 70 a
second: [0](paced@20: partner.limited) are refused, and [2](paced@20: failed_later) changes given up as without any limit; 95 of
100 are told within [1.12 s](paced@20: completion_p95). A consumer may wait, since nobody waits for it.

To be learned: work that fails for reasons of others, and that nobody waits for, is what consumers are best at: the retries, the
waiting and the giving up happen where they disturb nobody, and are counted. And whoever calls others keeps to their limits himself.
`,
  yaml: `\
name: webhooks
title: "A change, and three partners who are told of it"
noun: change
description: |
  Each change is told to three partners, one of twenty calls fails, and a call takes 300 ms. In sync a change
  fails with any of them, after it was written, and its client sends it again. The consumer tries again: what fails
  once is told a second time to all three. Partners with a limit (limited) refuse what comes too often, and a
  consumer that keeps to it (paced) is refused nothing.
  Look at what sync does twice, at best-effort, which leaves partners untold, and at calls of the consumer.

services:
  changes: 15ms
  partner: { latency: 300ms, errors: 5%, workers: 60 }

steps:
  - { own: 3ms }
  - changes!
  - { call: partner, times: 3, concurrency: unlimited }

event: { type: change.written }

load: { rate: 20, retries: { attempts: 3, backoff: 1s } }

subjects: [sync, best-effort, hybrid, limited, paced]

variants:
  best-effort:
    title: whoever cannot be told is not told
    architecture: sync
    steps: { partner: { onError: continue } }
  limited:
    title: partners that take 75 calls a second
    architecture: hybrid
    services: { partner: { rate: { limit: 75/s, burst: 3 } } }
  paced:
    title: and a consumer that makes no more
    architecture: hybrid
    services: { partner: { rate: { limit: 75/s, burst: 3 } } }
    event: { consumers: { partner: { rate: { limit: 70/s, burst: 3 } } } }
`,
};

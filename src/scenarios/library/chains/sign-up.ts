import type { LibraryEntry } from '../entry.js';

export const signUp: LibraryEntry = {
  group: 'chains',
  article:
    'A mail provider with a limit of its own stands in the way of everybody who signs up, as long as they wait ' +
    'for its mail.',
  story: `\
Somebody signs up. The server does 12 ms of its own, an account is made (60 ms), a welcome mail is sent (150 ms), the CRM hears
of it (90 ms, best effort). The mail goes through a provider that takes 10 a second and answers 429 to everything beyond.

At five sign-ups a second all is well: sync answers in [312 ms](sync@5: p50), hybrid in [72 ms](hybrid@5: p50).

At twenty a second the provider refuses half of the mails. sync passes that on: [50.0%](sync@20: failure_rate) of the sign-ups
fail, and in [600](sync@20: orphaned) of them, all in a minute, the account is there: the user is told "failed", tries again,
and hears that the address is taken. hybrid fails none, [0%](hybrid@20: failure_rate), and its consumer tries each mail three
times. The provider still takes only ten a second: [1,797](hybrid@20: mail.limited) calls are refused, and
[597](hybrid@20: failed_later) users, told "welcome", never get a mail. Events have moved the failure to where nobody looks.

polite sends no more than it may: a rate of 10/s at the consumer. Nothing is refused, [0](polite@20: mail.limited) calls,
nothing dies, [0](polite@20: failed_later), and the backlog says what the limit costs: it grows by
[10](polite@20: backlog_slope) a second for as long as twenty come. That is a number to act on: a higher tariff, a digest, or a
queue that drains at night.

To be learned: a rate limit is not solved by retries, and not by events. It is a capacity like any other, and whoever knows it
says it at the caller, where what waits can be counted.
`,
  yaml: `\
name: sign-up
title: "A sign-up: account, welcome mail within a limit, CRM"
noun: sign-up
description: |
  The provider takes 10 mails a second and answers 429 beyond. At 20 sign-ups a second half of those of sync fail,
  after the account is there. In hybrid the consumer heeds Retry-After and is late; polite sends no more than it
  may, and its backlog shows what the limit costs.
  Look at failures and orphaned of sync, at what hybrid loses to the dead letters, and at the backlog of polite.

services:
  accounts: 60ms
  mail: { latency: 150ms, rate: 10/s }
  crm: 90ms

steps:
  - { own: 12ms }
  - accounts!
  - mail
  - { call: crm, onError: continue }

event: { type: account.made }

load: { rate: [5, 20] }

subjects: [sync, hybrid, polite]

variants:
  polite:
    title: no more mails a second than the provider takes
    architecture: hybrid
    event: { consumers: { mail: { rate: 10/s } } }
`,
};

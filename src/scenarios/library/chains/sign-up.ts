import type { LibraryEntry } from '../entry.js';

export const signUp: LibraryEntry = {
  group: 'chains',
  article:
    'A mail provider with a limit of its own stands in the way of everybody who signs up, as long as they wait ' +
    'for its mail.',
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

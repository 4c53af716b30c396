import type { LibraryEntry } from './entry.js';

export const slowEmail: LibraryEntry = {
  group: 'the claim',
  article:
    'When the mail provider takes three seconds, the customer waits three seconds longer for an order that was ' +
    'paid and reserved long ago. Once the mail hangs on an event, nobody waits for it.',
  yaml: `\
name: slow-email
title: The mail provider takes 3 s
description: |
  The chain of checkout with an email step of 3 s: 300 + 200 + 3000 + 150 = 3650 ms when every step is awaited,
  500 ms when email and analytics are done after the reply. parallel saves the 150 ms of analytics, no more.
  Look at the response time, and at the bill: 40 orders a second times 3 s keep 120 email workers busy.

services:
  payment: 300ms
  inventory: 200ms
  email: { latency: 3s, workers: 150 }
  analytics: 150ms

steps:
  - payment!
  - inventory!
  - { call: email, timeout: 5s } # the usual 3 s would cut it off
  - analytics

load:
  users: 20

subjects: [sync, hybrid]
`,
};

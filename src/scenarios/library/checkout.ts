import type { LibraryEntry } from './entry.js';

export const checkout: LibraryEntry = {
  group: 'the claim',
  article:
    'A request that calls four services in a row takes as long as all of them together. Move what the customer ' +
    'does not wait for onto an event, and the reply takes only what is left: 1050 ms become 500 ms.',
  yaml: `\
name: checkout
title: "An order: payment, inventory, email and analytics"
description: |
  The chain of the article. One order takes 300 + 200 + 400 + 150 = 1050 ms when every step is awaited, 500 ms when
  email and analytics are done after the reply. Email can do 20 mails at once, 50 a second.
  Look at the response time at 10 users, at the failures at 500, where the email step breaks the whole sync order,
  and at what hybrid pays: the email backlog, which grows for as long as the load is above 50 orders a second.

services:
  payment: { latency: 300ms, workers: 250 }
  inventory: { latency: 200ms, workers: 250 }
  email: { latency: 400ms, workers: 20 } # a mail provider's quota
  analytics: { latency: 150ms, workers: 100 }
  fulfillment: { latency: 250ms, workers: 100 }

steps: # ! = critical: the reply needs it
  - payment!
  - inventory!
  - email
  - analytics

event:
  type: order.placed
  consumers:
    fulfillment: {} # only the event side has it

load:
  users: [10, 100, 500]
  duration: 10s
  timeout: 10s
  drain: 500ms

subjects: [sync, hybrid]
`,
};

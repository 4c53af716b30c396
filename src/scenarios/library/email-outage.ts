import type { LibraryEntry } from './entry.js';

export const emailOutage: LibraryEntry = {
  group: 'the claim',
  article:
    'If one service in the chain is down, the whole order is down, although taking the order did not need that ' +
    'service at all. Behind an event its work waits until the service is back.',
  yaml: `\
name: email-outage
title: The mail provider is down for three seconds
description: |
  Email answers 500 for three of the ten seconds. In the sync chain every order that reaches it then fails, after the
  customer has paid: look at the failure rate and at orphaned, the orders told "failed" whose payment went through.
  In hybrid no order fails: the consumer tries each mail up to six times with a growing pause, and the backlog that the
  outage leaves is worked off afterwards. Look at lag and backlog for what that costs.

services:
  payment: 300ms
  inventory: 200ms
  email:
    latency: 400ms
    outages: [{ from: 1s, for: 3s, kind: error }]
  analytics: 150ms

steps:
  - payment!
  - inventory!
  - email
  - analytics

event:
  consumers:
    # Pauses of 0.25, 0.5, 1, 2 and 4 s outlast the outage.
    email: { attempts: 6, backoff: 250ms }

load:
  users: 50
  drain: 5s

subjects: [sync, hybrid]
`,
};

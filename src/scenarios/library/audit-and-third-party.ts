import type { LibraryEntry } from './entry.js';

export const auditAndThirdParty: LibraryEntry = {
  group: 'the claim',
  article:
    'Audit logs and calls to partners are work that the business needs and the customer does not wait for. Inside' +
    ' the request, a partner\'s bad day becomes the shop\'s.',
  yaml: `\
name: audit-and-third-party
title: An audit log and a partner integration inside the request
description: |
  A partner that is slow now and then (half of the calls within 400 ms, 1 in 100 beyond 2 s) and fails 5 % of the time.
  In the sync chain its errors are failed orders and its slowest calls are the p95; in hybrid the order takes 400 ms
  whatever the partner does, and the consumer tries a failed call again. Look at p95 and failure rate.
  Mind the audit log: on the memory bus what is waiting dies with the process. An audit that must not lose an entry
  belongs on a durable bus, or stays in the request.

services:
  payment: 250ms
  order: 150ms
  audit: { latency: 80ms, workers: 50 }
  partner:
    latency: { p50: 400ms, p99: 2s }
    workers: 150
    errors: 5%

steps:
  - payment!
  - order!
  - audit
  - partner

load:
  users: 50

subjects: [sync, hybrid]
`,
};

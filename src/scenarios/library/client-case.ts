import type { LibraryEntry } from './entry.js';

export const clientCase: LibraryEntry = {
  group: 'real world',
  article:
    'A client\'s numbers after the change: response time from 800 to 150 ms, from 200 to more than 2000 users, ' +
    'availability from 94 to 99.2 %.',
  yaml: `\
name: client-case
title: 800 to 150 ms, 200 to 2000 users, 94 to 99.2 %
description: |
  A chain whose parameters make all three claims true, each for a reason of its own.
  800 -> 150 ms follows from the latencies: 100 + 50 + 250 + 400 = 800, of which the reply needs 100 + 50.
  94 -> 99.2 % follows from the error rates: order and payment work 99.6 % of the time each, crm and email 97.35 %:
  0.996^2 x 0.9735^2 = 94 % with all four in the path, 0.996^2 = 99.2 % when crm and email have left it.
  200 -> 2000+ users does not follow from the latency: with a fixed number of requests in progress a reply of 150
  instead of 800 ms makes room for 800 / 150 = 5.33 times as many, no more. It follows from the bottleneck leaving the
  path: email does 55 a second, order 660. With a pause of 3.2 s between requests that is 55 x (0.8 + 3.2) = 220 users
  for sync, and 660 x (0.15 + 3.2) = 2211 for hybrid.
  Look at the failures at 2000 users, and at the bill: email still does 55 a second, and its backlog then grows by 540 a
  second. The claim is true of the replies; keeping up takes 240 email workers.

services:
  order: { latency: 100ms, workers: 66, errors: 0.4% }
  payment: { latency: 50ms, workers: 60, errors: 0.4% }
  crm: { latency: 250ms, workers: 180, errors: 2.65% }
  email: { latency: 400ms, workers: 22, errors: 2.65% }

steps:
  - order!
  - payment!
  - crm
  - email

load:
  users: [200, 1000, 2000]
  think: 3200ms

subjects: [sync, hybrid]
`,
};

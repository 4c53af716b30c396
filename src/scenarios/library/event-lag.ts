import type { LibraryEntry } from './entry.js';

export const eventLag: LibraryEntry = {
  group: 'tips',
  article:
    'Events can be late. Watch how long they wait before somebody works on them: a quick reply hides a consumer ' +
    'that is falling behind.',
  yaml: `\
name: event-lag
title: The same reply, and a consumer that falls behind
description: |
  60 orders a second; each mail takes 400 ms, so that 24 workers are busy on average. starved has 12: it does 30 mails
  a second, and every second of load adds another second of waiting. enough has 40, and a mail starts as soon as its
  order is placed. No customer sees a difference in the reply: look at lag p95, completion and backlog.
  late has the same 40 workers, and one delivery in ten comes a second late: p95 of the lag tells of it, the median
  does not. With --bus nats (or another) --fault 'pause consumer at 1s for 2s' is a consumer that stands still.

services:
  order: { latency: 100ms, workers: 50 }
  email: { latency: 400ms, workers: 40 }

steps:
  - order!
  - email

load:
  rate: 60
  drain: 5s

variants:
  starved:
    title: 12 workers, half of what is needed
    architecture: hybrid
    event:
      consumers:
        email: { workers: 12 }
  enough:
    title: 40 workers
    architecture: hybrid
    event:
      consumers:
        email: { workers: 40 }
  late:
    title: 40 workers, and one delivery in ten comes a second late
    architecture: hybrid
    event:
      consumers:
        email: { workers: 40 }
    faults: [delay 10% by 1s]
`,
};

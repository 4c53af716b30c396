import type { LibraryEntry } from './entry.js';

export const immediateConsistency: LibraryEntry = {
  group: 'stay with requests',
  article:
    'When the caller reads what they have just written, the work has to be done before the reply. Events make the' +
    ' reply early and the data late.',
  yaml: `\
name: immediate-consistency
title: Write, then read your own write
description: |
  A save of 40 ms and a view of 200 ms that the next page reads. sync replies after 240 ms, and what the caller then
  reads is right. hybrid replies after 40 ms, and for the next 200 ms the caller reads stale data: completion time less
  response time is how long. At 50 saves a second that is 200 ms; with a backlog it has no limit.
  Look at completion beside the response time. Where stale data is a mistake, the answer is to stay with requests.

services:
  database: { latency: 40ms, workers: 50 }
  view: { latency: 200ms, workers: 40 }

steps:
  - database!
  - view

load:
  rate: 50

subjects: [sync, hybrid, event-driven]
`,
};

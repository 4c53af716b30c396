import type { LibraryEntry } from './entry.js';

export const simpleCrud: LibraryEntry = {
  group: 'stay with requests',
  article:
    'Saving a record and showing it needs no events. One quick step has nothing to move, and every moving part ' +
    'added is one more to run.',
  yaml: `\
name: simple-crud
title: Save a record, reply
description: |
  One step of 15 ms that the reply needs. hybrid has nothing to move and replies no sooner than sync. event-driven
  replies sooner, but with "accepted": the record is there no sooner, and the caller has to ask again.
  Look at the response times of sync and hybrid, and at completion of event-driven. The answer is to stay with requests.

services:
  database: { latency: { p50: 15ms, p99: 45ms }, workers: 50 }

steps:
  - database!

load:
  rate: [50, 200]

subjects: [sync, hybrid, event-driven]
`,
};

import type { LibraryEntry } from '../entry.js';

export const bulkImport: LibraryEntry = {
  group: 'chains',
  article:
    'A file of many lines is one request and much work. Whether the sender waits for the last line is a ' +
    'decision about the sender, not about speed.',
  yaml: `\
name: bulk-import
title: "A file of about 40 lines, each of which is work"
noun: import
description: |
  A file is stored in 100 ms, its lines are written five at once, 20 ms each: half of the files have 40 lines,
  some many more. hybrid replies when the file is stored, and the lines follow; index comes after them.
  Look at the reply and at the completion time of hybrid: the same work takes as long, and who asks whether it is
  there needs a place to ask.

services:
  files: 100ms
  lines: { latency: 20ms, workers: 100 }
  index: 60ms

steps:
  - files!
  - { call: lines, times: { p50: 40, max: 200 }, concurrency: 5 }
  - { call: index, after: lines }

event: { type: file.stored }

load: { rate: 5, drain: 3s }

subjects: [sync, hybrid]
`,
};

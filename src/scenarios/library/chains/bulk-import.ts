import type { LibraryEntry } from '../entry.js';

export const bulkImport: LibraryEntry = {
  group: 'chains',
  article:
    'A file of many lines is one request and much work. Whether the sender waits for the last line is a ' +
    'decision about the sender, not about speed.',
  story: `\
A file is sent, with a line for each customer: 40 lines in half of the files, 200 in some. The file is stored (100 ms), its
lines are written at 20 ms each, five at once, and the index learns of them when all are there (60 ms).

sync answers when everything is done: [340 ms](sync@5: p50), and [720 ms](sync@5: p95) for 95 of 100. A file of 200 lines takes
three times as long as one of 40, and whoever sends it waits with an open connection. With ten thousand lines it would wait for
40 s, and a proxy would have given up long before.

hybrid answers when the file is stored: [100 ms](hybrid@5: p50), for every file. A consumer writes the lines, five at once as
before, and a second consumer, which comes after it, tells the index. All is complete after [340 ms](hybrid@5: completion_p50),
or [720 ms](hybrid@5: completion_p95) for 95 of 100: to the millisecond what sync takes. It is the same work.

Of [300](hybrid@5: sent) files a minute come [16,087](hybrid@5: lines.calls) lines, and the service that writes them is
[5.4%](hybrid@5: lines.utilisation) busy. One at a time a file of 40 lines would take 800 ms, and with twenty at once 40 ms:
concurrency is what shortens an import, in either design.

Most of these workers wait for work. scaled has as many as there are lines to write, five at least, and starts more when they are
busy: [26](scaled@5: lines.workers_peak) at most, which are [24.1%](scaled@5: lines.utilisation) busy, and all is complete as
soon as before, [720 ms](scaled@5: completion_p95) for 95 of 100. What may wait for a worker to start is where workers that scale
belong: behind the reply.

When a line fails, the message is delivered again as a whole, and lines that were written are written once more. An import that
remembers how far it came, or lines that can be written twice, belong to this design.

To be learned: whether the sender waits is a question about the sender. A person at a screen wants to be told "we are at it" and
to be able to ask; a nightly job may as well wait, and then has its errors in its own log.
`,
  yaml: `\
name: bulk-import
title: "A file of about 40 lines, each of which is work"
noun: import
description: |
  A file is stored in 100 ms, its lines are written five at once, 20 ms each: half of the files have 40 lines,
  some many more. hybrid replies when the file is stored, and the lines follow; index comes after them.
  scaled writes them with as many workers as there is work for.
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

subjects: [sync, hybrid, scaled]

variants:
  scaled:
    title: as many workers as there are lines to write
    architecture: hybrid
    services: { lines: { workers: { min: 5, max: 100, start: 2s, idle: 10s } } }
`,
};

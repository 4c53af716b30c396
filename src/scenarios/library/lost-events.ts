import type { LibraryEntry } from './entry.js';

export const lostEvents: LibraryEntry = {
  group: 'tips',
  article:
    'Events can be lost. Plan for the case that the work after the reply never happens, and find out when it did ' +
    'not.',
  yaml: `\
name: lost-events
title: The consumer gives up while the provider is down, or the server dies
description: |
  The mail provider is down for 1.5 s. impatient tries three times within 300 ms and then gives a mail up: some 60
  orders that were told "ok" never get theirs. patient tries seven times with a pause that doubles, and loses none.
  Look at deadLettered and failedLater: no reply tells of them.
  crashed has a provider that works, and takes a second for a mail; its server is killed in the middle. On the memory
  bus the mails of the last second die with it: look at lost. With --bus outbox (or a broker that has acknowledged
  them) lost is 0: the next server finds them where they were.

services:
  order: { latency: 100ms, workers: 50 }
  email:
    latency: 100ms
    workers: 60
    outages: [{ from: 500ms, for: 1500ms, kind: error }]

steps:
  - order!
  - email

load:
  rate: 50
  drain: 4s

variants:
  impatient:
    title: three attempts within 300 ms
    architecture: hybrid
    event:
      consumers:
        email: { attempts: 3, backoff: 100ms }
  patient:
    title: seven attempts over 6 s
    architecture: hybrid
    event:
      consumers:
        email: { attempts: 7, backoff: 100ms }
  crashed:
    title: the server is killed with a second of mails in hand
    architecture: hybrid
    services:
      email: { latency: 1s, workers: 100, outages: [] }
    faults: [crash server at 1s]
`,
};

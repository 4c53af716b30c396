import type { LibraryEntry } from './entry.js';

export const duplicates: LibraryEntry = {
  group: 'tips',
  article:
    'Events can be delivered more than once. Consumers have to be made so that doing the work twice does no harm.',
  yaml: `\
name: duplicates
title: A timeout is not a failure, and the mail goes out twice
description: |
  The mail provider is quick as a rule (half within 200 ms) and slow at times (1 in 100 beyond 1.5 s). hasty gives up
  after 500 ms and has the event delivered again, about one time in seven; the provider, who was never told, sends the
  first mail all the same. patient waits 3 s, and one mail in a thousand goes out twice.
  Look at the email consumer: calls and timeouts against the orders; each timeout is a mail sent once too often.
  redelivered has a bus that delivers one event in ten twice, and a consumer that does its work as often as it is told:
  look at appliedTwice. inbox has the same bus, and a consumer that knows an event that it has done: duplicated stays,
  appliedTwice is 0.

services:
  payment: { latency: 100ms, workers: 50 }
  email: { latency: { p50: 200ms, p99: 1500ms }, workers: 60 }

steps:
  - payment!
  - email

load:
  rate: 40

variants:
  hasty:
    title: the consumer gives up after 500 ms
    architecture: hybrid
    event:
      consumers:
        email: { timeout: 500ms }
  patient:
    title: the consumer waits 3 s
    architecture: hybrid
    event:
      consumers:
        email: { timeout: 3s }
  redelivered:
    title: one delivery in ten comes twice, and so does its effect
    architecture: hybrid
    event: { inbox: false }
    faults: [duplicate 10%]
  inbox:
    title: one delivery in ten comes twice, and the inbox knows it
    architecture: hybrid
    event: { inbox: true }
    faults: [duplicate 10%]
`,
};

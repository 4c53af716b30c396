import type { LibraryEntry } from './entry.js';

export const ordering: LibraryEntry = {
  group: 'tips',
  article:
    'Events can arrive out of order. Do not build on their sequence, or carry what is needed to restore it.',
  yaml: `\
name: ordering
title: Shipped before it was paid
description: |
  three publishes three messages for each order (placed, paid, shipped); shipping fails one call in ten, and a failed
  message is delivered again behind its successors: about one message in fifteen is started after a later one of the
  same order. one says it all in a single message, and nothing can overtake it.
  overtaken has no failures at all: one delivery in ten is held up on its way until the next one has started.
  Look at outOfOrder. Of the buses here kafka and sqs keep the order of a key once several workers take from it: nothing
  is overtaken on its way, but on kafka what failed comes again behind its successors all the same. What arrives carries
  a sequence number, so that the receiver can tell.

services:
  payment: { latency: 100ms, workers: 50 }
  shipping: { latency: 100ms, workers: 60, errors: 10% }

steps:
  - payment!
  - shipping

event:
  consumers:
    shipping: { attempts: 6 }

load:
  rate: 40

variants:
  three:
    title: three messages per order
    architecture: hybrid
    event: { messages: 3 }
  overtaken:
    title: three messages per order, and one in ten is overtaken on its way
    architecture: hybrid
    event: { messages: 3 }
    services:
      shipping: { errors: 0 }
    faults: [reorder 10%]
  one:
    title: one message per order
    architecture: hybrid
    event: { messages: 1 }
`,
};

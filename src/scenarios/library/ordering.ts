import type { LibraryEntry } from './library.js';

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
  Look at outOfOrder. Not here yet: order kept for each key by the bus, which is what partitions and a sequence number
  are for, and messages that overtake each other without any failure.

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
  one:
    title: one message per order
    architecture: hybrid
    event: { messages: 1 }
`,
};

import type { LibraryEntry } from './entry.js';

export const flashSale: LibraryEntry = {
  group: 'the claim',
  article:
    'Events absorb a rush: orders are taken at the speed at which they come in, and the slow work is done at the ' +
    'speed at which it can be done. The buffer is not free: what waits in it is late.',
  yaml: `\
name: flash-sale
title: Four times more orders than the mail provider can follow
description: |
  Orders arrive at their own rate, as they do in a sale: 40 a second, then 200. Email does 50 a second. Above that the
  sync chain fails almost every order, although payment and stock have room; hybrid takes them all in 300 ms.
  Then look at the bill: the email backlog grows by 150 a second, lag with it, and 80 workers would be needed to keep
  up. What the drain cannot finish is pending: mails that customers are still waiting for.
  crashed is the same hybrid, and its server is killed in the middle of the rush. What waits in a memory bus dies with
  it: look at lost, orders that were told "ok". With --bus outbox or a broker the rush survives: lost is 0.

services:
  payment: { latency: 200ms, workers: 100 }
  stock: { latency: 100ms, workers: 100 }
  email: { latency: 400ms, workers: 20 }
  parcel: { latency: 250ms, workers: 100 }

steps:
  - payment!
  - stock!
  - email

event:
  consumers:
    parcel: {} # only the event side has it

load:
  rate: [40, 200]
  drain: 5s

subjects: [sync, hybrid, crashed]

variants:
  crashed:
    title: hybrid, and its server is killed in the rush
    architecture: hybrid
    faults: [crash server at 1s]
`,
};

import type { LibraryEntry } from './entry.js';

export const bloatedPayload: LibraryEntry = {
  group: 'mistakes',
  article:
    'Putting the whole order, its user and its products into the event couples every consumer to all of them and ' +
    'ships data that is stale on arrival. Publish ids, and let consumers ask for what they need.',
  yaml: `\
name: bloated-payload
title: The whole order in the event, or its ids
description: |
  bloated carries 100 KB with each event, more than the 64 KiB that CloudEvents asks everyone to forward; lean carries
  order id, user id and time. Look at the response times: on the memory bus they are alike, and the report should say
  so. Nothing is sent over a wire; a large event costs memory for as long as it waits.
  With --bus nats the table has bytes and publish latency of an order, which is where the difference shows.

services:
  payment: { latency: 100ms, workers: 50 }
  email: { latency: 200ms, workers: 50 }

steps:
  - payment!
  - email

load:
  rate: 50

variants:
  bloated:
    title: order, user and products, 100 KB
    architecture: hybrid
    event: { payload: 100KB }
  lean:
    title: order id, user id, time
    architecture: hybrid
    event: { payload: 0 }
`,
};

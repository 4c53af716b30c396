import type { LibraryEntry } from './entry.js';

export const publishAndWait: LibraryEntry = {
  group: 'mistakes',
  article:
    'Whoever publishes an event and then waits for everyone who hears it has built a request with a broker in the' +
    ' middle. Publish, reply, and be done.',
  yaml: `\
name: publish-and-wait
title: Publish and wait, or publish and reply
description: |
  wait publishes the event and replies when email and analytics are done: 500 + 400 = 900 ms, exactly what calling them
  side by side takes (parallel, measured beside it), with a bus in between and its failures added. forget replies once
  the event is taken: 500 ms.
  Look at the response times: the event alone gains nothing, not waiting does.

services:
  payment: 300ms
  inventory: 200ms
  email: 400ms
  analytics: 150ms

steps:
  - payment!
  - inventory!
  - email
  - analytics

load:
  users: 20

subjects: [wait, parallel, forget]

variants:
  wait:
    title: the reply waits for every consumer
    architecture: hybrid
    event: { wait: true }
  forget:
    title: fire and forget
    architecture: hybrid
    event: { wait: false }
`,
};

import type { LibraryEntry } from './entry.js';

export const moderateLoad: LibraryEntry = {
  group: 'stay with requests',
  article:
    'With few users and quick services a chain of calls is the simplest thing that works, and simple is worth ' +
    'more than fast.',
  yaml: `\
name: moderate-load
title: A quick chain and few users
description: |
  160 ms for the whole chain, at 8 and at 15 requests a second, far from any limit. hybrid saves 70 ms that nobody
  notices, parallel saves 20 without any event. Nothing fails, nothing waits.
  Look at failures, and at the response time against what a user can tell apart. The answer is to stay with requests.

services:
  payment: 60ms
  inventory: 30ms
  email: 50ms
  analytics: 20ms

steps:
  - payment!
  - inventory!
  - email
  - analytics

load:
  users: [5, 10]
  think: 500ms

subjects: [sync, parallel, hybrid]
`,
};

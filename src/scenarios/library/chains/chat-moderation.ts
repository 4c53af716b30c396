import type { LibraryEntry } from '../entry.js';

export const chatModeration: LibraryEntry = {
  group: 'chains',
  article:
    'A message must be read before others see it, or it is taken back. Which of the two is the question; the ' +
    'rest is arithmetic.',
  yaml: `\
name: chat-moderation
title: "A message: may it be said, and who hears it"
noun: message
description: |
  Moderation takes 80 ms, and more than 250 ms for some, which then pass unread. A message is pushed to four
  members or more, ten at once, and indexed. later moderates after the reply, and members see what should not have
  been said.
  Look at the reply of later against hybrid: it saves the 80 ms that the rule costs. Pushes are most of what sync
  waits for.

services:
  members: 5ms
  moderation: { latency: { p50: 80ms, p99: 400ms } }
  messages: 15ms
  push: { latency: 40ms, workers: 200 }
  index: 20ms

steps:
  - { call: members, critical: true, effect: false }
  - { call: moderation, critical: true, effect: false, timeout: 250ms, onError: continue }
  - messages!
  - { call: push, times: { p50: 4, max: 30 }, concurrency: 10 }
  - index

event: { type: message.sent }

load: { rate: 40 }

subjects: [sync, hybrid, later]

variants:
  later:
    title: read after it was sent
    architecture: hybrid
    steps: { moderation: { critical: false, effect: true, onError: fail, timeout: 3s } }
`,
};

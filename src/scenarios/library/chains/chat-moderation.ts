import type { LibraryEntry } from '../entry.js';

export const chatModeration: LibraryEntry = {
  group: 'chains',
  article:
    'A message must be read before others see it, or it is taken back. Which of the two is the question; the ' +
    'rest is arithmetic.',
  story: `\
A message in a group. The members are looked up (5 ms), a model reads whether it may be said (80 ms, and 400 ms once in a
hundred), it is written (15 ms), pushed to four members or more (40 ms each, ten at once), and indexed (20 ms). A message that
has not been read after 250 ms passes: better late than silent.

sync answers in [168 ms](sync@40: p50). Most of what it waits for, after the reading, are the pushes.

hybrid replies when the message is read and written: [101 ms](hybrid@40: p50), and [255 ms](hybrid@40: p95) for 95 of 100.
Pushes and index follow; the members have it [148 ms](hybrid@40: completion_p50) after it was sent. In both designs
[107](hybrid@40: moderation.timeouts) of [2,400](hybrid@40: sent) messages in a minute pass unread, and none fails:
[0%](hybrid@40: failure_rate).

later reads after the reply: [20 ms](later@40: p50). It saves the 80 ms that the rule costs, and members see what should not
have been said until it is taken back: reading and pushing begin at the same moment, and the push takes 40 ms where reading
takes 80. What is faster here is another product with another rule.

Nobody sees the difference between 20 and 100 ms in a chat; everybody sees a message that vanishes. So the gain of later is a
number that should not decide: it is shown to say what the rule costs, which is [101 ms](hybrid@40: p50) against
[20 ms](later@40: p50).

To be learned: first say which steps the answer must not be given without, whatever they cost; that is a question about the
product. Arrangements are compared within that. Here it leaves hybrid, and all of its gain lies in pushes.
`,
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

import type { LibraryEntry } from '../entry.js';

export const insuranceQuote: LibraryEntry = {
  group: 'chains',
  article:
    'Five partners are asked for a price. Asking them one after another is the mistake; asking them at once is ' +
    'the whole cure, and takes no event.',
  story: `\
A price from five partners. Each answers in 150 to 350 ms as a rule, and takes 1.5 to 2.5 s once in a hundred; after 1.5 s the
quote goes on without it. The quote is put together (25 ms), and the CRM hears of it (120 ms).

sync asks one partner after the other. The times add up: [1.79 s](sync@15: p50), and [3.13 s](sync@15: p95) for 95 of 100,
because with five partners in a row somebody is slow in most requests.

parallel asks all five at once and waits for the slowest: [822 ms](parallel@15: p50). The partners are the same, their answers
are the same, and the response time is less than half.

hybrid does what parallel does and leaves the CRM to a consumer: [702 ms](hybrid@15: p50). The step to change was one that no
event touches: a quote needs its prices, so that no partner can be moved behind the reply.

Best effort is what makes these three safe. Of [900](sync@15: sent) quotes a minute, [28](sync@15: east.timeouts) are given
without the slowest partner, and [0%](sync@15: failure_rate) fail. Without it, each of those timeouts would be a quote that
nobody gets. The timeout is the price: 95 of 100 quotes of hybrid take up to [1.52 s](hybrid@15: p95), which is that timeout and
the 25 ms, and no longer.

Do all five matter? three-of-five is hybrid with a quorum: it waits for all partners for 1.5 s at most, and gives no quote of
fewer than three prices. [702 ms](three-of-five@15: p50) for half of the requests and [1.52 s](three-of-five@15: p95) for 95 of
100: as long as hybrid, because one that is slow is waited for as long. What is new is that a quote of one or two prices would
be refused, which [0](three-of-five@15: http5xx) are. first-three does not wait for the rest: it answers when three have, after
[274 ms](first-three@15: p50), and 95 of 100 within [580 ms](first-three@15: p95), little more than a third of it. The slow end
is gone, because three of five are hardly ever slow at once. The price is that the two slowest partners are asked and not heard,
whatever they would have offered.

To be learned: fan-out in a row is the most expensive habit of request chains, and the cure is a join and not a queue. Then look
at the slow end: with five partners the slowest of them decides, and it is the timeout that says how long anybody waits, unless
three are enough.
`,
  yaml: `\
name: insurance-quote
title: "A quote from five partners, of whom some are slow"
noun: quote
description: |
  Each partner answers in 300 ms or so, and in 2 s when it is slow; after 1.5 s the quote goes on without it. The
  reply needs whoever has answered, so that no partner can move behind it: hybrid moves only the CRM.
  Look at the response time of sync, which adds the partners up, of parallel, which waits for the slowest, and of
  hybrid, which holds to after as well. The step to change is one that events do not touch. three-of-five and
  first-three ask for a quorum: what has come after 1.5 s, or as soon as three have answered.

services:
  north: { latency: { p50: 300ms, p99: 2s } }
  south: { latency: { p50: 250ms, p99: 1.8s } }
  east: { latency: { p50: 350ms, p99: 2s } }
  west: { latency: { p50: 200ms, p99: 1.5s } }
  web: { latency: { p50: 150ms, p99: 2.5s } }
  quotes: 25ms
  crm: 120ms

groups: { prices: { need: 3, within: 1500ms } }

steps:
  - { call: north, critical: true, effect: false, after: [], timeout: 1500ms, onError: continue }
  - { call: south, critical: true, effect: false, after: [], timeout: 1500ms, onError: continue }
  - { call: east, critical: true, effect: false, after: [], timeout: 1500ms, onError: continue }
  - { call: west, critical: true, effect: false, after: [], timeout: 1500ms, onError: continue }
  - { call: web, critical: true, effect: false, after: [], timeout: 1500ms, onError: continue }
  - { call: quotes, critical: true, after: [north, south, east, west, web] }
  - crm

event: { type: quote.given }

load: { rate: 15 }

subjects: [sync, parallel, hybrid, three-of-five, first-three]

x-one-of: &one-of { group: prices, onError: fail, timeout: 3s }
x-partners: &partners { north: *one-of, south: *one-of, east: *one-of, west: *one-of, web: *one-of }

variants:
  three-of-five:
    title: what has come after 1.5 s, three of five at least
    architecture: hybrid
    steps: *partners
  first-three:
    title: as soon as three have answered
    architecture: hybrid
    groups: { prices: { need: 3 } }
    steps: *partners
`,
};

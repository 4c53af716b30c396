import type { LibraryEntry } from '../entry.js';

export const insuranceQuote: LibraryEntry = {
  group: 'chains',
  article:
    'Five partners are asked for a price. Asking them one after another is the mistake; asking them at once is ' +
    'the whole cure, and takes no event.',
  yaml: `\
name: insurance-quote
title: "A quote from five partners, of whom some are slow"
noun: quote
description: |
  Each partner answers in 300 ms or so, and in 2 s when it is slow; after 1.5 s the quote goes on without it. The
  reply needs whoever has answered, so that no partner can move behind it: hybrid moves only the CRM.
  Look at the response time of sync, which adds the partners up, of parallel, which waits for the slowest, and of
  hybrid, which holds to after as well. The step to change is one that events do not touch.

services:
  north: { latency: { p50: 300ms, p99: 2s } }
  south: { latency: { p50: 250ms, p99: 1.8s } }
  east: { latency: { p50: 350ms, p99: 2s } }
  west: { latency: { p50: 200ms, p99: 1.5s } }
  web: { latency: { p50: 150ms, p99: 2.5s } }
  quotes: 25ms
  crm: 120ms

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

subjects: [sync, parallel, hybrid]
`,
};

import type { LibraryEntry } from './entry.js';

export const realCheckout: LibraryEntry = {
  group: 'real world',
  article:
    'Before moving anything onto events, look at where the time goes. (The article does not say so; traces of a ' +
    'real checkout do.)',
  yaml: `\
name: real-checkout
title: A checkout as public traces show it
description: |
  Shaped like the PlaceOrder of a public demo shop, about 220 ms: eight reads of products and prices, one after another,
  are three quarters of it, email is one twentieth. Making the reads at the same time more than halves the whole
  (parallel), with no event at all. hybrid makes them so too and moves email onto an event: next to nothing more.
  Look at sync against parallel, and at parallel against hybrid. The answer is to call the reads side by side.

services:
  cart: { latency: { p50: 8ms, p99: 24ms } }
  catalog: { latency: { p50: 21ms, p99: 63ms } }
  currency: { latency: { p50: 18ms, p99: 54ms } }
  quote: { latency: { p50: 10ms, p99: 30ms } }
  charge: { latency: { p50: 10ms, p99: 13ms } }
  ship: { latency: { p50: 7ms, p99: 22ms } }
  email: { latency: { p50: 10ms, p99: 30ms } }

steps:
  - { name: read-cart, call: cart, critical: true }
  - { name: product-1, call: catalog, critical: true, after: read-cart }
  - { name: price-1, call: currency, critical: true, after: product-1 }
  - { name: product-2, call: catalog, critical: true, after: read-cart }
  - { name: price-2, call: currency, critical: true, after: product-2 }
  - { name: product-3, call: catalog, critical: true, after: read-cart }
  - { name: price-3, call: currency, critical: true, after: product-3 }
  - { name: product-4, call: catalog, critical: true, after: read-cart }
  - { name: price-4, call: currency, critical: true, after: product-4 }
  - { call: quote, critical: true, after: read-cart }
  - { call: charge, critical: true, after: [price-1, price-2, price-3, price-4, quote] }
  - { call: ship, critical: true, after: charge }
  - { name: empty-cart, call: cart, critical: true, after: ship }
  - { call: email, after: ship }

load:
  rate: 20

subjects: [sync, parallel, hybrid]
`,
};

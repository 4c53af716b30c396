import type { LibraryEntry } from '../entry.js';

export const rideDispatch: LibraryEntry = {
  group: 'chains',
  article:
    'A ride is offered to drivers until one takes it. What the rider waits for is people, and no event makes ' +
    'them answer sooner.',
  yaml: `\
name: ride-dispatch
title: "A ride: who is near, what it costs, who takes it"
noun: ride
description: |
  Drivers near by and the price are two reads that do not need each other. Then the ride is offered to one driver
  after the other, to two of them half of the time, at 150 ms each; the ride is written down, and rider and log
  hear of it.
  Look at parallel against sync: side by side saves 40 ms of the reads and 20 ms of push and log; hybrid another
  80 ms. The offers are most of what is left in every design.

services:
  drivers: 60ms
  price: 40ms
  offer: 150ms
  trips: 30ms
  push: 80ms
  log: 20ms

steps:
  - { call: drivers, critical: true, effect: false, after: [] }
  - { call: price, critical: true, effect: false, after: [] }
  - { call: offer, critical: true, after: [drivers, price], times: { p50: 2, max: 6 } }
  - { call: trips, critical: true, after: offer }
  - push
  - log

event: { type: ride.dispatched }

load: { rate: 20 }

subjects: [sync, parallel, hybrid]
`,
};

import type { LibraryEntry } from '../entry.js';

export const rideDispatch: LibraryEntry = {
  group: 'chains',
  article:
    'A ride is offered to drivers until one takes it. What the rider waits for is people, and no event makes ' +
    'them answer sooner.',
  story: `\
A rider asks for a ride. Two reads that do not need each other (who is near, 60 ms; what it costs, 40 ms), then the ride is
offered to one driver after the other at 150 ms each: half of the rides are taken by the second driver at the latest, some ask
six. The trip is written down (30 ms); rider and log hear of it (80 and 20 ms).

sync does it in the order of the list and answers in [530 ms](sync@20: p50), or [830 ms](sync@20: p95) for the one in twenty
that asks many drivers.

parallel asks for drivers and price at once, and tells rider and log at once: [470 ms](parallel@20: p50). The 60 ms that it
saves are the shorter of each pair, and cost no event, no consumer and no second place where a ride can be lost.

hybrid holds to the same order before the reply and leaves push and log to events: [390 ms](hybrid@20: p50). The rider sees the
answer sooner, and the push arrives when it did: all is complete after [470 ms](hybrid@20: completion_p50), as long as parallel
takes.

Of [1,200](sync@20: sent) rides a minute, [2,665](sync@20: offer.calls) offers are made. They are most of the time in every
design, because people answer them, and the next is made when the last was refused. No arrangement shortens that; offering to
two drivers at once would, and would be a decision about drivers.

in-time is hybrid with a deadline: a rider is told after 600 ms that nobody was found. 95 of 100 then take
[600 ms](in-time@20: p95) at most, and [10.9%](in-time@20: failure_rate) of the rides come to nothing, those that would have
asked a fourth driver. In [131](in-time@20: orphaned) rides a driver has been asked who now waits for a rider: a
deadline that is shorter than the work undoes nothing, and whoever sets one has to say what becomes of it.

To be learned: look at what the reply waits for before looking at where it waits. The three designs lie within a quarter of each
other ([830 ms](sync@20: p95), [770 ms](parallel@20: p95), [690 ms](hybrid@20: p95) for 95 of 100), and the loop in the middle
is the same in all.
`,
  yaml: `\
name: ride-dispatch
title: "A ride: who is near, what it costs, who takes it"
noun: ride
description: |
  Drivers near by and the price are two reads that do not need each other. Then the ride is offered to one driver
  after the other, to two of them half of the time, at 150 ms each; the ride is written down, and rider and log
  hear of it.
  Look at parallel against sync: side by side saves 40 ms of the reads and 20 ms of push and log; hybrid another
  80 ms. The offers are most of what is left in every design, and a deadline (in-time) makes them no shorter.

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

subjects: [sync, parallel, hybrid, in-time]

variants:
  in-time:
    title: no driver within 600 ms, no ride
    architecture: hybrid
    deadline: 600ms
`,
};

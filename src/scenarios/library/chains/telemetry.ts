import type { LibraryEntry } from '../entry.js';

export const telemetry: LibraryEntry = {
  group: 'chains',
  article:
    'A device sends and goes to sleep again: it needs to know that somebody has its values, and nothing else. ' +
    'This is what a 202 is for.',
  story: `\
A device wakes up, sends its values and sleeps again. The device is looked up (5 ms), the values are written (20 ms), summed up
(50 ms) and watched for alarms (30 ms). The device needs to know one thing: somebody has its values.

sync does it all: [105 ms](sync@60: p50) with the radio on. hybrid looks the device up and writes the values, and leaves the
rest to events: [25 ms](hybrid@60: p50). An answer of hybrid says: written.

event-driven takes the values and replies at once, in [0.2 ms](event-driven@60: p50), which is the server's own work and nothing
else. Its answer says: taken. The same work is complete [105 ms](event-driven@60: completion_p50) after the device began to
send, as in the other two.

The price of the last step is a promise. A device that was told 202 has gone to sleep; when its values can't be written, nobody
can tell it. Here nothing fails, [0](event-driven@60: failed_later) of [3,600](event-driven@60: sent) readings in a minute; with
a service that does, that is the number to look at, and a durable bus is the condition: what waits in memory is lost with the
process.

Summing up has five workers and can do 100 readings a second. At 60 it is [60.0%](event-driven@60: sums.utilisation) busy and
keeps up; the alarms come after it, by an event of its own, and are as late as the sums are. At 120 a second the backlog would
grow by 20 readings a second, and alarms would come later with every minute, which is a strange thing for an alarm.

batched sums up twenty readings in one call, or as many as have come in half a second: [180](batched@60: sums.calls) calls a
minute in place of [3,600](event-driven@60: sums.calls), and the same five workers are [3.0%](batched@60: sums.utilisation)
busy. The price is that a reading waits for others to come: all is complete [255 ms](batched@60: completion_p50) after it was
sent, at 20 readings a second [355 ms](batched@20: completion_p50), and an alarm is as much later. A batch makes room, and takes
it out of the time of those that come first.

To be learned: here a 202 is right, because the caller has nothing to do with the result. It is so in few other chains.
`,
  yaml: `\
name: telemetry
title: "Values of a device: checked, written, summed up, watched"
noun: reading
description: |
  A device needs its values taken, not worked on. event-driven takes them and replies at once; writing, sums and
  alarms follow. Summing up can do 100 readings a second: at 60 it keeps up.
  Look at the response time of event-driven, and at what it costs: the lag of its consumers, and that a device
  which was told 202 never hears of values that could not be written. batched sums up many readings in one call:
  its workers have less to do, and alarms come later.

services:
  devices: 5ms
  series: 20ms
  sums: { latency: 50ms, workers: 5 }
  alarms: 30ms

steps:
  - { call: devices, critical: true, effect: false }
  - series!
  - sums
  - { call: alarms, after: sums }

event: { type: reading.taken, payload: 2KB }

load: { rate: [20, 60] }

subjects: [sync, hybrid, event-driven, batched]

variants:
  batched:
    title: up to twenty readings are summed up in one call
    architecture: event-driven
    event:
      consumers:
        sums: { workers: 5, batch: { size: 20, wait: 500ms } }
`,
};

import type { LibraryEntry } from '../entry.js';

export const telemetry: LibraryEntry = {
  group: 'chains',
  article:
    'A device sends and goes to sleep again: it needs to know that somebody has its values, and nothing else. ' +
    'This is what a 202 is for.',
  yaml: `\
name: telemetry
title: "Values of a device: checked, written, summed up, watched"
noun: reading
description: |
  A device needs its values taken, not worked on. event-driven takes them and replies at once; writing, sums and
  alarms follow. Summing up can do 100 readings a second: at 60 it keeps up.
  Look at the response time of event-driven, and at what it costs: the lag of its consumers, and that a device
  which was told 202 never hears of values that could not be written.

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

subjects: [sync, hybrid, event-driven]
`,
};

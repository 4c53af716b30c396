import type { LibraryEntry } from '../entry.js';

export const bookingHold: LibraryEntry = {
  group: 'chains',
  article:
    'Many look and few book, over the same services. Who books waits longest where those who look stand in the ' +
    'line.',
  yaml: `\
name: booking-hold
title: "A booking: a seat is held, paid and confirmed; most only search"
noun: request
description: |
  Eight of ten requests search, two book: hold a seat, pay, confirm, and a mail. Both read the seats, of which the
  service serves 10 at once. Payment takes 250 ms whatever else is done.
  Look at the kinds by themselves: hybrid gains nothing for those who search and 180 ms for those who book; the
  mean of both hides it.

services:
  users: 10ms
  seats: { latency: 40ms, workers: 10 }
  hold: 30ms
  payment: { latency: 250ms, errors: 1% }
  confirm: 20ms
  mail: 180ms

transactions:
  search:
    weight: 80%
    steps: [users!, { call: seats, critical: true, effect: false }]
  book:
    weight: 20%
    steps: [users!, { call: seats, critical: true, effect: false }, hold!, payment!, confirm!, mail]
    event: { type: booking.made }

load: { rate: [20, 100] }

subjects: [sync, hybrid]
`,
};

import type { LibraryEntry } from '../entry.js';

export const bookingHold: LibraryEntry = {
  group: 'chains',
  article:
    'Many look and few book, over the same services. Who books waits longest where those who look stand in the ' +
    'line.',
  story: `\
Eight requests of ten look for seats, two book: hold a seat (30 ms), pay (250 ms, fails once in a hundred times), confirm (20
ms, fails once in two hundred), a mail (180 ms), and the ledger (40 ms). Both kinds ask who the user is (10 ms) and read the
seats (40 ms), from one service with ten workers. The scenario says them as two kinds of request with weights, because they wait
for each other.

Looked at together, hybrid gains nothing: half of all requests take [50 ms](sync@100: p50) in sync and [50 ms](hybrid@100: p50)
in hybrid. Those are the searches, [50 ms](hybrid[search]@100: p50) by themselves, which publish no event and have nothing to
move.

Those who book gain mail and ledger: [570 ms](sync[book]@100: p50) against [350 ms](hybrid[book]@100: p50). The payment is most
of what is left, and can't move: who books wants to know whether it went through. All is complete after
[530 ms](hybrid[book]@100: completion_p50), a little sooner than in sync, because the two do not wait for each other.

A booking publishes two events. When the payment has gone through, payment-captured tells the ledger; when the seat is
confirmed, booking-made has the mail sent. The ledger writes [1,231](hybrid[book]@100: ledger.ok) payments in a minute and the
mail goes out [1,226](hybrid[book]@100: mail.ok) times: the difference are bookings that were paid and not confirmed, and the
ledger knows of them because its event did not wait for the rest. In sync, where the ledger comes last, it writes
[1,226](sync[book]@100: ledger.ok), and this money is in no book.

The mean of both hides it, and a threshold on all requests would too. One on the kind does not: hybrid[book]: p95 < 400ms.

Of the bookings, [1.1%](hybrid[book]@100: failure_rate) fail, at the payment or when the seat is confirmed, and in
[14](hybrid[book]@100: orphaned) of these, in a minute, it is held for nobody: orphaned. A hold that runs out by itself is the
usual cure, or a compensation that gives it back.

The seats are [40.0%](hybrid@100: search-seats.utilisation) busy at 100 requests a second, four fifths of it for searches. At
250 a second they would be the bottleneck of both: whoever searches makes those wait who pay. Another service for reads helps a
booking more than any event does.

To be learned: ask of each kind by itself what it gains, and of shared services whose work fills them.
`,
  yaml: `\
name: booking-hold
title: "A booking: a seat is held, paid and confirmed; most only search"
noun: request
description: |
  Eight of ten requests search, two book: hold a seat, pay, confirm, and a mail; the ledger hears of the payment.
  Both read the seats, of which the service serves 10 at once. Payment takes 250 ms whatever else is done.
  Look at the kinds by themselves: hybrid gains nothing for those who search and 220 ms for those who book; the
  mean of both hides it.

services:
  users: 10ms
  seats: { latency: 40ms, workers: 10 }
  hold: 30ms
  payment: { latency: 250ms, errors: 1% }
  confirm: { latency: 20ms, errors: 0.5% }
  mail: 180ms
  ledger: 40ms

transactions:
  search:
    weight: 80%
    steps: [users!, { call: seats, critical: true, effect: false }]
  book:
    weight: 20%
    steps: [users!, { call: seats, critical: true, effect: false }, hold!, payment!, confirm!, mail, ledger]
    events:
      booking-made: {}
      payment-captured: { after: payment, consumers: { ledger: {} } }

load: { rate: [20, 100] }

subjects: [sync, hybrid]
`,
};

import type { LibraryEntry } from '../entry.js';

export const bankTransfer: LibraryEntry = {
  group: 'chains',
  article:
    'Money that has left one account and has not come to the other: the order of the steps and the place of ' +
    'the event decide what the customer is told.',
  story: `\
Money goes from one account to another: limits and fraud are checked (15 and 80 ms, both only read), one account is debited (40
ms) and the other credited (40 ms). A letter is written (200 ms) and the ledger of the bank hears of it (60 ms). The credit
fails once in fifty times.

sync does all of it and answers in [435 ms](sync@30: p50). hybrid leaves letter and ledger to consumers:
[175 ms](hybrid@30: p50), the sum of the four steps that the customer has to know about.

early is hybrid with its event one step further to the front, after the debit. It answers as fast, [175 ms](early@30: p50), and
tells the customer by letter of transfers that did not arrive: [1,800](early@30: letter.ok) letters in a minute, where hybrid
writes [1,761](hybrid@30: letter.ok). The place of the event among the steps is not a question of speed.

What all of them have in common: of [1,800](sync@30: sent) transfers, [39](sync@30: http5xx) are told "failed", and in
[39](sync@30: orphaned) of these the money is gone from the first account. The report calls them orphaned. No event changes that
number, because the event comes after the damage; moving steps behind the reply does not undo what came before it. Whoever wants
to get rid of it gives the debit a compensation, or reserves the money first and books it when both sides are sure.

To be learned: where steps change something, the order and the undoing come first, and the arrangement second. Reads are marked
as such (effect: false), so that a transfer refused by the limits is a failure and not a loss.
`,
  yaml: `\
name: bank-transfer
title: "A transfer: limits, fraud, debit, credit, and who hears of it"
noun: transfer
description: |
  Credit fails once in fifty times. early publishes after the debit: the customer reads of a transfer that did not
  arrive. hybrid publishes when both are done. In every design the debits of the failed transfers stand: orphaned
  counts them, and no event takes them back.
  Look at orphaned, and at the letters of early: it writes more of them than there are transfers.

services:
  limits: 15ms
  fraud: 80ms
  debit: 40ms
  credit: { latency: 40ms, errors: 2% }
  letter: 200ms
  ledger: 60ms

steps:
  - { call: limits, critical: true, effect: false }
  - { call: fraud, critical: true, effect: false }
  - debit!
  - credit!
  - letter
  - ledger

event: { type: transfer.done }

load: { rate: 30 }

subjects: [sync, hybrid, early]

variants:
  early:
    title: published after the debit
    architecture: hybrid
    event: { after: debit }
`,
};

import type { LibraryEntry } from '../entry.js';

export const bankTransfer: LibraryEntry = {
  group: 'chains',
  article:
    'Money that has left one account and has not come to the other: the order of the steps and the place of ' +
    'the event decide what the customer is told.',
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

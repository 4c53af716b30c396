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

What these have in common: of [1,800](sync@30: sent) transfers, [39](sync@30: http5xx) are told "failed", and in
[39](sync@30: orphaned) of these the money is gone from the first account. The report calls them orphaned. No event changes that
number, because the event comes after the damage; moving steps behind the reply does not undo what came before it.

saga is hybrid with a compensation: when the credit fails, the debit is reversed (60 ms; the reversal fails once in a hundred
times, and is tried three times). As many transfers fail, [39](saga@30: http5xx), and the customer hears it as soon, because
nobody waits for the reversal; [39](saga@30: debit-compensation.ok) debits are reversed, and the money is gone in
[0](saga@30: orphaned) of the transfers. It costs one call for each transfer that fails, and nothing for the others:
[175 ms](saga@30: p50) as before. early can't be mended like that: the letter has been written when the money comes back.

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
  counts them, and no event takes them back. saga does: a debit whose transfer fails is reversed.
  Look at orphaned, and at the letters of early: it writes more of them than there are transfers.

services:
  limits: 15ms
  fraud: 80ms
  debit: 40ms
  credit: { latency: 40ms, errors: 2% }
  letter: 200ms
  ledger: 60ms
  reversal: { latency: 60ms, errors: 1% }

steps:
  - { call: limits, critical: true, effect: false }
  - { call: fraud, critical: true, effect: false }
  - debit!
  - credit!
  - letter
  - ledger

event: { type: transfer.done }

load: { rate: 30 }

subjects: [sync, hybrid, early, saga]

variants:
  early:
    title: published after the debit
    architecture: hybrid
    event: { after: debit }
  saga:
    title: a debit whose transfer fails is reversed
    architecture: hybrid
    steps:
      debit: { retries: { attempts: 3, backoff: 50ms }, compensate: reversal }
`,
};

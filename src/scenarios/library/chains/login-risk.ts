import type { LibraryEntry } from '../entry.js';

export const loginRisk: LibraryEntry = {
  group: 'chains',
  article:
    'A login asks a service how risky it is. The answer helps and is not needed: whoever waits for it without ' +
    'a limit lets a third party decide who can log in.',
  story: `\
Somebody logs in. The password is checked (20 ms), a risk service is asked whether this looks like the same person as yesterday,
one login in seven needs a code by SMS (300 ms), and an audit log hears of it (25 ms). The risk service belongs to somebody
else: half of its answers come within 60 ms, one in a hundred takes 900 ms.

sync does all of it before the reply, with one precaution: it waits 200 ms for the risk, and logs in without an answer after
that. It answers in [118 ms](sync@40: p50), and in [424 ms](sync@40: p95) for 95 of 100, which is those who need a code. Of
[2,400](sync@40: sent) logins a minute, [353](sync@40: risk.timeouts) go on without a risk, and none fails.

careless has the same timeout and lets it fail the login: [14.7%](careless@40: failure_rate) of all logins, for an answer that
was of help and not needed. Nothing else differs between the two but one caught error.

hybrid moves the audit behind the reply and answers in [93 ms](hybrid@40: p50): those are the 25 ms of the audit, and all that
an event can give here. The code by SMS can't move: who logs in waits for it. Nor can the risk: an answer that comes after the
login protects nobody.

To be learned: ask first what happens when a step does not answer. A timeout of 200 ms and a caught error decide whether
[14.7%](careless@40: failure_rate) of the logins fail; a bus, consumers and a second place to look for errors bring 25 ms. When
the reply is to become faster, the SMS is where the time is, and that is a question of how often it is asked for.
`,
  yaml: `\
name: login-risk
title: "A login: password, risk check, second factor for some, audit"
noun: login
description: |
  The risk service answers in 60 ms half of the time and takes 900 ms once in a hundred. careless waits 200 ms and
  fails the login when there is no answer; the others go on without one, and the failure is counted. One login in
  seven needs a second factor. Moving the audit onto an event saves its 25 ms and nothing else.
  Look at the failure rate of careless, and at how little hybrid gains over sync: the cheap change (catch the
  error, keep the timeout) is what mattered.

services:
  users: 20ms
  risk: { latency: { p50: 60ms, p99: 900ms } }
  sms: { latency: 300ms, workers: 40 }
  audit: 25ms

steps:
  - { call: users, critical: true, effect: false }
  - { call: risk, critical: true, effect: false, timeout: 200ms, onError: continue }
  - { call: sms, critical: true, share: 15% }
  - audit

event: { type: login.done }

load: { rate: 40 }

subjects: [sync, hybrid, careless]

variants:
  careless:
    title: a login fails when its risk is not known in time
    architecture: sync
    steps: { risk: { onError: fail } }
`,
};

import type { LibraryEntry } from '../entry.js';

export const loginRisk: LibraryEntry = {
  group: 'chains',
  article:
    'A login asks a service how risky it is. The answer helps and is not needed: whoever waits for it without ' +
    'a limit lets a third party decide who can log in.',
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

import type { LibraryEntry } from './entry.js';

export const eventSpam: LibraryEntry = {
  group: 'mistakes',
  article:
    'One event for every changed field drowns the consumers in messages that mean nothing alone. Publish what ' +
    'happened in the business, once: the profile was updated.',
  yaml: `\
name: event-spam
title: One event per changed field, or one for the update
description: |
  A profile form changes eight fields. spam publishes eight messages for each save, one publishes a single
  user.profile_updated; the consumers do the same work for every message. The reply is the same; the work is eightfold:
  40 saves a second become 320 messages, more than the 267 a second that the CRM can do, and its backlog grows by 53
  a second for as long as the form is used. Look at backlog and lag of crm.
  With --bus nats the table also has messages, bytes and publish latency of an order: all eight are waited for.

services:
  profile: { latency: 50ms, workers: 50 }
  search: { latency: 100ms, workers: 40 }
  crm: { latency: 150ms, workers: 40 }

steps:
  - profile!
  - search
  - crm

load:
  rate: 40

variants:
  spam:
    title: eight user.field_updated
    architecture: hybrid
    event: { type: user.field_updated, messages: 8 }
  one:
    title: one user.profile_updated
    architecture: hybrid
    event: { type: user.profile_updated, messages: 1 }
`,
};

import type { LibraryEntry } from './entry.js';

export const convertOneStep: LibraryEntry = {
  group: 'tips',
  article:
    'Start small. Move one step of one workflow, measure, and only then decide about the next.',
  yaml: `\
name: convert-one-step
title: Which step to move first
description: |
  The chain of checkout with room everywhere, and each movable step moved alone. Of 1050 ms, moving analytics saves 150,
  moving email 400, moving both 550. The first move should be the one that gains most and risks least: here email.
  Look at the response times side by side; each is a release of its own on the way to hybrid.

services:
  payment: 300ms
  inventory: 200ms
  email: 400ms
  analytics: 150ms

steps:
  - payment!
  - inventory!
  - email
  - analytics

load:
  users: 20

subjects: [sync, analytics-moved, email-moved, hybrid]

variants:
  email-moved:
    title: only email hangs on the event
    architecture: hybrid
    steps:
      analytics: { critical: true }
  analytics-moved:
    title: only analytics hangs on the event
    architecture: hybrid
    steps:
      email: { critical: true }
`,
};

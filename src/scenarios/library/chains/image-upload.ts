import type { LibraryEntry } from '../entry.js';

export const imageUpload: LibraryEntry = {
  group: 'chains',
  article:
    'An upload makes work for minutes: sizes, a look at what it shows, the search. One consumer comes after ' +
    'another, and the last after two.',
  yaml: `\
name: image-upload
title: "An upload: three sizes, moderation, and the search after both"
noun: upload
description: |
  The original is stored in 120 ms. Three sizes are made at once, a moderator looks at the picture, and the search
  learns of it when both are done: on the event side by a consumer that comes after two others.
  Look at the reply of hybrid, 120 ms in place of more than a second, and at its completion time: the picture is
  found no sooner than before. Moderation can do 20 pictures a second, and 10 come.

services:
  storage: 120ms
  resize: { latency: 400ms, workers: 40 }
  moderation: { latency: 500ms, workers: 10 }
  search: 80ms

steps:
  - storage!
  - { call: resize, after: storage, times: 3, concurrency: unlimited }
  - { call: moderation, after: storage }
  - { call: search, after: [resize, moderation] }

event: { type: picture.stored }

load: { rate: [2, 10], drain: 3s }

subjects: [sync, parallel, hybrid]
`,
};

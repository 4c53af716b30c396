import type { LibraryEntry } from '../entry.js';

export const imageUpload: LibraryEntry = {
  group: 'chains',
  article:
    'An upload makes work for minutes: sizes, a look at what it shows, the search. One consumer comes after ' +
    'another, and the last after two.',
  story: `\
A picture is stored (120 ms), three sizes of it are made (400 ms each), a moderator's model looks at it (500 ms), and when both
are done the search learns of it (80 ms). The search must not show what has no thumbnail or was not looked at: it comes after
both.

sync does it all before it answers: [1.10 s](sync@10: p50), at two uploads a second as at ten, because hardly anything waits for
a worker.

parallel makes the sizes while the moderator looks: [700 ms](parallel@10: p50). That is the longest way through the chain, 120 +
500 + 80 ms.

hybrid answers when the picture is stored, after [120 ms](hybrid@10: p50). Two consumers hear the event at once, and whoever of
them is done last publishes a second one, which the search hears. Everything is complete [700 ms](hybrid@10: completion_p50)
after the upload began: exactly what parallel takes. The work has not become shorter, somebody has stopped waiting for it.

What it takes: moderation can look at 20 pictures a second with its ten workers, which are
[48.5%](hybrid@10: moderation.utilisation) busy at ten a second. At 25 a second a backlog would grow for as long as the uploads
last, and the picture would be found later and later, while the reply stays at 120 ms and shows nothing of it. In sync the same
overload is seen at once, as slow uploads.

Whoever looks at pictures is dear, and at two uploads a second ten of them are [9.9%](hybrid@2: moderation.utilisation) busy. In
scaled there is one at least and twenty at most, one for each picture that is there; it takes a second and a half until another
has begun, and those that nothing was there for in five seconds are stopped. They are [27.7%](scaled@2: moderation.utilisation)
busy, never more than [6](scaled@2: moderation.workers_peak), and the reply does not know of it: [120 ms](scaled@2: p95) for 95
of 100. The picture is found later when it has waited for somebody to begin, after [897 ms](scaled@2: completion_p95) in place
of [700 ms](hybrid@2: completion_p95). scaled-sync has the same moderators and no events: there the uploader waits with the
picture, [1.30 s](scaled-sync@2: p95) in place of [1.10 s](sync@2: p95). Scaling to what comes is done best behind an event.

To be learned: this is what events are for, because the uploader wants to go on and need not see the result. What was a response
time becomes a completion time: watch that one, and tell the user that the picture is on its way.
`,
  yaml: `\
name: image-upload
title: "An upload: three sizes, moderation, and the search after both"
noun: upload
description: |
  The original is stored in 120 ms. Three sizes are made at once, a moderator looks at the picture, and the search
  learns of it when both are done: on the event side by a consumer that comes after two others.
  Look at the reply of hybrid, 120 ms in place of more than a second, and at its completion time: the picture is
  found no sooner than before. Moderation can do 20 pictures a second, and 10 come. In scaled there are as many
  moderators as there is work for, and one takes 1.5 s to begin: with events no uploader waits for that.

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

load: { rate: [2, 10], arrivals: poisson, drain: 5s }

subjects: [sync, parallel, hybrid, scaled, scaled-sync]

variants:
  scaled:
    title: as many look at pictures as there is work for
    architecture: hybrid
    services: { moderation: { workers: { min: 1, max: 20, start: 1500ms, target: 100%, idle: 5s } } }
    event: { consumers: { moderation: { workers: 20 } } }
  scaled-sync:
    title: the same without events
    architecture: sync
    services: { moderation: { workers: { min: 1, max: 20, start: 1500ms, target: 100%, idle: 5s } } }
`,
};

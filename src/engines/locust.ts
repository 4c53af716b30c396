/** A load as a script for Locust: the schedule is ours, Locust spreads it over machines and carries the rows to its master. */
import { REQUEST_HEADER } from '../scenarios/request.js';
import { BEGIN_LEAD, type Constant, type EngineLoad, type ExportedFiles, requestConstants, ROWS_FILE } from './engine-load.js';
import { SCRIPT } from './locust-script.js';
import { LOAD_NAME, locustTest, operatorCommands } from './operators.js';

/** Where nobody says otherwise. */
const WORKERS = 4;

/** The script and how it is run. */
export function locustFiles(load: EngineLoad): ExportedFiles {
  return { 'locustfile.py': `${headOf(load)}${constantsOf(load)}${SCRIPT}`, 'locusttest.yaml': locustTest(WORKERS, longestOf(load)), 'README.md': readmeOf(load) };
}

function headOf({ scenario, subject }: EngineLoad): string {
  return `"""Load of ${scenario} on ${subject}, for Locust 2. Made by \`sync-vs-events export locust\`; README.md says how it is run."""
import json
import os
import random
import socket
import time
import uuid

import gevent
import locust.runners
from geventhttpclient import HTTPClient
from geventhttpclient.url import URL
from locust import User, events, task

`;
}

function constantsOf(load: EngineLoad): string {
  const { shape } = load;
  const stages = shape.ramp ? [[0, shape.ramp.from], ...shape.ramp.stages.map(({ duration, target }) => [duration / 1000, target])] : null;
  const level = shape.model === 'closed' ? shape.users : shape.rate;
  const constants: Constant[] = [
    ...requestConstants(load),
    ['INDEX_HEADER', REQUEST_HEADER, 'negative while warming up'],
    ['OPEN', shape.model === 'open', 'requests per second, in place of users'],
    ['LEVEL', level, shape.model === 'open' ? 'requests per second' : 'users'],
    ['STAGES', stages, 'level at the beginning, then seconds and the level at their end'],
    ['POISSON', shape.model === 'open' && shape.arrivals === 'poisson', ''],
    ['SEED', load.seed, ''],
    ['ENTRY', load.entry / 1000, 'seconds over which users are let in'],
    ['THINK', load.think / 1000, 'seconds between answer and next request'],
    ['TIMEOUT', load.timeout / 1000, 'seconds from the intended start'],
    ['WARMUP', load.warmup / 1000, 'seconds'],
    ['DURATION', load.duration / 1000, 'seconds'],
    ['LEAD', BEGIN_LEAD / 1000, 'seconds until everybody has heard that it begins'],
    ['ROWS', ROWS_FILE, ''],
  ];
  return constants.map(([name, value, about]) => `${name} = ${pythonOf(value)}${about === '' ? '' : `  # ${about}`}\n`).join('');
}

/** A value as Python writes it. JSON's texts and numbers are Python's. */
function pythonOf(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, of]) => `${pythonOf(key)}: ${pythonOf(of)}`).join(', ')}}`;
  return JSON.stringify(value);
}

/** Longest that a run takes once all workers are there, s: Locust ends it then. */
export function longestOf({ warmup, duration, timeout }: Pick<EngineLoad, 'warmup' | 'duration' | 'timeout'>): number {
  return Math.ceil((BEGIN_LEAD + warmup + duration + timeout) / 1000) + 30;
}

function readmeOf(load: EngineLoad): string {
  const longest = longestOf(load);
  const commands = operatorCommands({ manifest: 'locusttest.yaml', script: 'locustfile.py', ended: `'{.status.phase}'=Succeeded locusttest/${LOAD_NAME}`, longest });
  return `# ${load.scenario} on ${load.subject}, from Locust

The load goes to ${load.url}: something has to serve there.

On one machine:

    locust -f locustfile.py --headless -u 1 -r 1 -t ${longest}s

On several, the master first (it waits for so many workers), then a worker for each core of each machine:

    locust -f locustfile.py --headless -u 1 -r 1 -t ${longest}s --master --expect-workers ${WORKERS} --expect-workers-max-wait 120
    locust -f locustfile.py --worker --master-host MASTER

In a cluster that has the operator of Locust, here with ${WORKERS} workers (\`replicas\` in locusttest.yaml), each with a core of its own:

${commands}

It ends by itself once all workers have told their last answer. The master writes \`${ROWS_FILE}\`, or what the variable ROWS_FILE names; then, here:

    npx sync-vs-events collect . -o json=run.json -o html=report.html

One user is what Locust shows: the load is made by the workers themselves, so that worker k of n has every n-th user, or request,
whichever machine it is on. Locust's own percentiles are rounded; those of \`collect\` are exact.
`;
}

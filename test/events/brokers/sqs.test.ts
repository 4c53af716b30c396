import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elasticmqJars, sqsBroker } from '../../../src/events/brokers/sqs.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'elasticmq-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function jars(name: string, ...where: string[]): string {
  const at = path.join(folder, ...where);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, name), '');
  return at;
}

describe('the jars of a private SQS', () => {
  it('are those of ELASTICMQ_HOME, whole or in parts, or in the cache', () => {
    const [whole, cached] = [jars('elasticmq-server-all-1.7.1.jar', 'whole'), jars('elasticmq-server_2.13-1.7.1.jar', 'cache', 'sync-vs-events', 'elasticmq-1.7.1')];
    const XDG_CACHE_HOME = path.join(folder, 'cache');
    expect(elasticmqJars({ ELASTICMQ_HOME: whole, XDG_CACHE_HOME })).toBe(whole);
    expect(elasticmqJars({ ELASTICMQ_HOME: folder, XDG_CACHE_HOME })).toBe(cached);
  });

  it('are named with the way to get them where they are missing', () => {
    expect(elasticmqJars({ HOME: folder })).toBeUndefined();
    expect(sqsBroker.missing?.({ HOME: folder })).toMatch(/^ElasticMQ, .* bash scripts\/broker-jars\.sh elasticmq\)$/);
  });
});

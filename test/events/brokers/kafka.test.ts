import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kafkaBroker, kafkaJars } from '../../../src/events/brokers/kafka.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'kafka-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder with a broker's jar in it. */
function jars(...names: string[]): string {
  const where = path.join(folder, ...names);
  mkdirSync(where, { recursive: true });
  writeFileSync(path.join(where, 'kafka_2.13-4.1.0.jar'), '');
  return where;
}

describe('the jars of a private Kafka', () => {
  it('are those of KAFKA_HOME, or beside the program on the PATH, or in the cache, in this order', () => {
    const [home, cached] = [jars('home', 'libs'), jars('cache', 'sync-vs-events', 'kafka-4.1.0')];
    const besides = jars('opt', 'libs');
    mkdirSync(path.join(folder, 'opt', 'bin'));
    mkdirSync(path.join(folder, 'bin'));
    writeFileSync(path.join(folder, 'opt', 'bin', 'kafka-server-start.sh'), '');
    symlinkSync(path.join(folder, 'opt', 'bin', 'kafka-server-start.sh'), path.join(folder, 'bin', 'kafka-server-start.sh'));
    const [KAFKA_HOME, PATH, XDG_CACHE_HOME] = [path.join(folder, 'home'), path.join(folder, 'bin'), path.join(folder, 'cache')];
    expect(kafkaJars({ KAFKA_HOME, PATH, XDG_CACHE_HOME })).toBe(home);
    expect(kafkaJars({ PATH, XDG_CACHE_HOME })).toBe(besides);
    expect(kafkaJars({ XDG_CACHE_HOME })).toBe(cached);
    expect(kafkaJars({ HOME: folder })).toBeUndefined();
  });

  it('are not a folder without them', () => {
    mkdirSync(path.join(folder, 'libs'));
    const env = { KAFKA_HOME: folder, HOME: folder };
    expect(kafkaJars(env)).toBeUndefined();
    expect(kafkaBroker.missing?.(env)).toMatch(/^Apache Kafka 4, .* bash scripts\/broker-jars\.sh kafka\)$/);
  });
});

/** Brokers that run on Java, from a folder of jars. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** Their program. */
export const JAVA = {
  binary: 'java',
  install: 'Java 17 or newer: Debian and Ubuntu: apt install default-jre-headless, macOS: brew install openjdk',
} as const;

/** A small heap, and quick to start: what compiles longest pays off only in a broker that runs for hours. */
export const JAVA_OPTIONS = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** The folder that `scripts/broker-jars.sh` copies a broker's jars to. */
export function cachedJars(env: Env, name: string): string {
  const cache = env['XDG_CACHE_HOME'] || path.join(env['HOME'] ?? homedir(), '.cache');
  return path.join(cache, 'sync-vs-events', name);
}

/** The first of some folders that has such a jar; undefined: none has. */
export function folderWith(jar: RegExp, folders: readonly string[]): string | undefined {
  return folders.find((folder) => existsSync(folder) && readdirSync(folder).some((name) => jar.test(name)));
}

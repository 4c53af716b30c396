/** A run of roles, each a command of its own on this machine. */
import path from 'node:path';
import { expect } from 'vitest';
import { loadFrom } from '../support/engine.js';
import type { Command, Commands } from '../../benchmarks/support/commands.js';

/** A scenario that takes no time. */
export const SHOP = `
services: { payment: { latency: 30ms }, email: { latency: 40ms, workers: 8 } }
steps: [payment!, email]
load: { users: [2], duration: 1s, warmup: 200ms, drain: 10s }
`;

export const TOKEN = 'open-sesame';
export const OUTBOX = ['--bus', 'outbox', '--bus-url', 'orders.db'];

export interface Run {
  control: Command;
  line: string;
  roles: Record<string, Command>;
  url: string;
}

export async function controlled(commands: Commands, ...args: string[]): Promise<{ control: Command; line: string }> {
  const control = commands.start('serve', 'control', 'shop.yaml', '-a', 'hybrid', '--keep', 'load', ...args);
  return { control, line: await control.says(/control line of \S+ \(\S+\) at (\S+)/) };
}

export async function started(commands: Commands, names: readonly string[], args: readonly string[], token: readonly string[] = []): Promise<Run> {
  const { control, line } = await controlled(commands, ...args, ...token);
  const roles = Object.fromEntries(names.map((name) => [name, commands.start('serve', name, '--join', line, ...token)]));
  return { control, line, roles, url: await control.says(/serves at (\S+)/) };
}

export async function loaded(commands: Commands, url: string, count = 100): Promise<void> {
  expect(await commands.run('export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', url, '-R', '100', '-d', '1s', '--warmup', '0s', '-o', 'load')).toMatchObject({ code: 0 });
  await loadFrom(path.join(commands.folder, 'load'), url, { count, rate: 100 });
}

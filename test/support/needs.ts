/** What some tests need beside Node, and how it is got. Where it is missing they are skipped, and the end of a run says so. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { TestOptions } from 'vitest';
import type { PrivateBroker } from '../../src/events/brokers/private-broker.js';
import { BROKERS, BUSES, type BrokerKind } from '../../src/events/buses.js';

interface Tool {
  /** Any of these on the PATH will do. */
  programs: readonly string[];
  /** Where else they may be. */
  folders?: () => string[];
  /** A variable that names the program where it is not on the PATH. */
  variable?: string;
  get: string;
  /** What else it needs and is not there, with how to get it. */
  lacks?: (env: Env) => string | undefined;
}

function toolOf({ binary, folders, install, missing }: PrivateBroker): Tool {
  return { programs: [binary], get: install, ...(folders && { folders }), ...(missing && { lacks: missing }) };
}

export type ToolName = 'chromium' | 'ip' | 'iptables' | 'kubectl' | 'locust' | 'unshare' | 'ps' | 'tmux' | 'wire' | BrokerKind;

const TOOLS = {
  chromium: {
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    variable: 'CHROMIUM_PATH',
    get: 'Debian and Ubuntu: apt install chromium, or CHROMIUM_PATH',
  },
  locust: { programs: ['locust'], get: 'Debian and Ubuntu: apt install python3-locust, elsewhere: pip install locust' },
  // Namespaces of networks and clocks are the superuser's, and Linux's.
  ip: { programs: ['ip'], get: 'Debian and Ubuntu: apt install iproute2', lacks: () => (process.getuid?.() === 0 ? undefined : 'to be run by root: network namespaces are made by nobody else') },
  iptables: { programs: ['iptables'], get: 'Debian and Ubuntu: apt install iptables' },
  kubectl: { programs: ['kubectl'], get: 'Debian and Ubuntu: apt install kubernetes-client' },
  unshare: { programs: ['unshare'], get: 'Debian and Ubuntu: apt install util-linux', lacks: () => (existsSync('/proc/self/ns/time') ? undefined : 'a kernel with time namespaces (Linux 5.6)') },
  ps: { programs: ['ps'], get: 'Debian and Ubuntu: apt install procps' },
  tmux: { programs: ['tmux'], get: 'Debian and Ubuntu: apt install tmux, macOS: brew install tmux' },
  // Of imitated hosts: packets go through a program on their way.
  wire: { programs: ['python3'], get: 'Debian and Ubuntu: apt install python3', lacks: () => (existsSync('/dev/net/tun') ? undefined : 'a kernel with network devices of programs (/dev/net/tun)') },
  ...Object.fromEntries(BROKERS.map((kind) => [kind, toolOf(BUSES[kind].broker)])),
} as unknown as Record<ToolName, Tool>;

declare module 'vitest' {
  interface TaskMeta {
    /** What is missing for a test that is skipped, one sentence each. */
    missing?: string[];
    /** Why a test is skipped that no machine need run, CI neither: it reads files that are not part of the repository. */
    optional?: string;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Options of a test or of a suite that is nothing without these tools: `describe('the page', needs('chromium'), () => …)`.
 * They may follow other options: `{ timeout: 90_000, ...needs('nats') }`.
 */
export function needs(...names: ToolName[]): TestOptions {
  const missing = missingOf(names, process.env);
  return missing.length > 0 ? { skip: true, meta: { missing } } : {};
}

/** One sentence for each tool that is not there. */
export function missingOf(names: readonly ToolName[], env: Env): string[] {
  return names.flatMap((name) => {
    const { programs, get, lacks }: Tool = TOOLS[name];
    return (findTool(name, env) ? lacks?.(env) : `${programs[0]} is missing (${get})`) ?? [];
  });
}

/** The program of a tool; undefined where there is none. */
export function findTool(name: ToolName, env: Env = process.env): string | undefined {
  const { programs, folders: others, variable }: Tool = TOOLS[name];
  const named = variable && env[variable];
  if (named) return named;
  const folders = [...(env.PATH ?? '').split(path.delimiter).filter(Boolean), ...(others?.() ?? [])];
  return programs.flatMap((program) => folders.map((folder) => path.join(folder, program))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

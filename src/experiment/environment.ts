/** The machine a run was made on. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Environment } from '../measurement/record.js';

/** Facts that a reader needs to judge timings; nothing that names the machine or its user. */
export function describeEnvironment(env: NodeJS.ProcessEnv): Environment {
  const cpus = os.cpus();
  return {
    node: process.version,
    os: `${os.type()} ${os.release()}`,
    arch: process.arch,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: coresOf(os.availableParallelism(), textOf),
    memoryBytes: os.totalmem(),
    ci: ciOf(env),
  };
}

/**
 * Cores that may be used: those that are there, or what a quota of the control group leaves of them, which may be a part
 * of one. Node asks for no quota.
 * @param text what is in a file; undefined when there is none
 */
export function coresOf(present: number, text: (file: string) => string | undefined): number {
  const quota = Math.min(...groupsOf(text).map((folder) => quotaOf(folder, text)), Infinity);
  return quota < present ? Math.round(quota * 100) / 100 : present;
}

/** Threads worth starting here. */
export function usableCores(): number {
  return Math.max(1, Math.floor(coresOf(os.availableParallelism(), textOf)));
}

/** Folders of this process's control group and of those around it; in a container its own is the root. */
function groupsOf(text: (file: string) => string | undefined): string[] {
  const groups = text('/proc/self/cgroup') ?? '';
  const unified = foldersOf('/sys/fs/cgroup', /^0::(\/.*)$/m.exec(groups)?.[1]);
  const own = /^\d+:(?:\w+,)*cpu(?:,\w+)*:(\/.*)$/m.exec(groups)?.[1];
  return [...unified, ...foldersOf('/sys/fs/cgroup/cpu', own), ...foldersOf('/sys/fs/cgroup/cpu,cpuacct', own)];
}

function foldersOf(root: string, path = '/'): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return [root, ...names.map((_, depth) => `${root}/${names.slice(0, depth + 1).join('/')}`)];
}

/** Cores' worth of time in each period: version 2 of control groups says both in one file, version 1 in two. */
function quotaOf(folder: string, text: (file: string) => string | undefined): number {
  const said = text(`${folder}/cpu.max`) ?? `${text(`${folder}/cpu.cfs_quota_us`) ?? ''} ${text(`${folder}/cpu.cfs_period_us`) ?? ''}`;
  const [, quota, period] = /^(\d+)\s+(\d+)\s*$/.exec(said.replaceAll('\n', ' ').trim()) ?? [];
  return quota !== undefined && Number(period) > 0 ? Number(quota) / Number(period) : Infinity;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ciOf(env: NodeJS.ProcessEnv): string | null {
  if (env.GITHUB_ACTIONS) return 'github';
  if (env.GITLAB_CI) return 'gitlab';
  return env.CI ? 'other' : null;
}

/** The machine a run was made on. */
import os from 'node:os';
import type { Environment } from '../measurement/record.js';
import { groupsOf, textOf, type TextOf } from '../processes/control-group.js';

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
 */
export function coresOf(present: number, text: TextOf): number {
  const quota = Math.min(...groupsOf(text).map((folder) => quotaOf(folder, text)), Infinity);
  return quota < present ? Math.round(quota * 100) / 100 : present;
}

/** Threads worth starting here. */
export function usableCores(): number {
  return Math.max(1, Math.floor(coresOf(os.availableParallelism(), textOf)));
}

/** Cores' worth of time in each period: version 2 of control groups says both in one file, version 1 in two. */
function quotaOf(folder: string, text: TextOf): number {
  const said = text(`${folder}/cpu.max`) ?? `${text(`${folder}/cpu.cfs_quota_us`) ?? ''} ${text(`${folder}/cpu.cfs_period_us`) ?? ''}`;
  const [, quota, period] = /^(\d+)\s+(\d+)\s*$/.exec(said.replaceAll('\n', ' ').trim()) ?? [];
  return quota !== undefined && Number(period) > 0 ? Number(quota) / Number(period) : Infinity;
}

function ciOf(env: NodeJS.ProcessEnv): string | null {
  if (env.GITHUB_ACTIONS) return 'github';
  if (env.GITLAB_CI) return 'gitlab';
  return env.CI ? 'other' : null;
}

/** The machine a run was made on. */
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
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    ci: ciOf(env),
  };
}

function ciOf(env: NodeJS.ProcessEnv): string | null {
  if (env.GITHUB_ACTIONS) return 'github';
  if (env.GITLAB_CI) return 'gitlab';
  return env.CI ? 'other' : null;
}

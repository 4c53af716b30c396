import { describe, expect, it } from 'vitest';
import { coresOf } from '../../src/experiment/environment.js';

const cores = (files: Record<string, string>, present = 8): number => coresOf(present, (file) => files[file]);

describe('the cores of an environment', () => {
  it.each([
    ['those that are there, without a group', {}, 8],
    ['those that are there, without a quota', { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
    ['what a quota leaves', { '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, 1.5],
    ['no more than there are', { '/sys/fs/cgroup/cpu.max': '1600000 100000\n' }, 8],
    [
      'the least of the groups around the process',
      {
        '/proc/self/cgroup': '0::/system.slice/job.scope\n',
        '/sys/fs/cgroup/system.slice/cpu.max': '200000 100000\n',
        '/sys/fs/cgroup/system.slice/job.scope/cpu.max': '400000 100000\n',
      },
      2,
    ],
    [
      'what a quota of version 1 leaves',
      {
        '/proc/self/cgroup': '3:cpuset:/x\n2:cpu,cpuacct:/docker/1\n0::/\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us': '100000\n',
      },
      0.5,
    ],
    ['those that are there, where version 1 has no quota', { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' }, 8],
  ])('are %s', (_, files, expected) => {
    expect(cores(files as Record<string, string>)).toBe(expected);
  });
});

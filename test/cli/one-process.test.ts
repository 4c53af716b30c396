import { describe, expect, it } from 'vitest';
import { refuseProcesses } from '../../src/cli/one-process.js';
import { subject } from '../simulation/worlds.js';

describe('refuseProcesses', () => {
  it('lets one process be measured', () => {
    expect(() => refuseProcesses([subject([], [])])).not.toThrow();
  });

  it('refuses more, which can only be simulated, with what to do', () => {
    const four = subject([], [], { server: { processes: 4, work: 0.15 } });
    expect(() => refuseProcesses([subject([], []), four])).toThrow(/^world has 4 server processes \(server\.processes\), and is measured with one: `simulate`/);
  });
});

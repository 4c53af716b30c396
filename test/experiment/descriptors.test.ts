import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.js';
import { descriptorLimit, descriptorWarning } from '../../src/experiment/descriptors.js';
import { planTrials } from '../../src/experiment/plan.js';
import type { Load } from '../../src/scenarios/load.js';
import { subjectOf, type Measurable } from '../../src/scenarios/subject.js';
import { TARGET_DEFAULTS } from '../../src/scenarios/target.js';
import { checkout } from '../support/record.js';

const SYNC = subjectOf(checkout(), 'sync') as Measurable;
const TARGET = { ...TARGET_DEFAULTS, name: 'shop', url: 'http://localhost/' };

function warning(limit: number | null, load: Partial<Load>, subject: Measurable = SYNC): string | null {
  const scenario = checkout();
  return descriptorWarning(planTrials({ ...scenario, load: { ...scenario.load, ...load } }, [subject], 1).trials, limit);
}

describe('descriptors', () => {
  it('are limited by the machine', () => {
    expect(descriptorLimit()).toBeGreaterThan(0);
  });

  it('that users will lack are a mistake, told with what to do', () => {
    expect(() => warning(256, { users: [10, 500] })).toThrow(UserError);
    expect(() => warning(256, { users: [10, 500] })).toThrow(
      '500 users take 564 open files, and a process may have 256 here: raise the limit (ulimit -n 1128) or use fewer users.',
    );
  });

  it('that the server may lack are a warning: a connection for each user, and one for each call', () => {
    // 64, 100 users, and four steps with a pool each.
    expect(warning(563, { users: [100] })).toBe(
      'At worst a process of this run would need 564 open files, and may have 563: ' +
        'should connections fail, raise the limit (ulimit -n 564).',
    );
    expect(warning(564, { users: [100] })).toBeNull();
  });

  it('are as many for a rate as requests can wait until their timeout', () => {
    expect(warning(564, { users: [], rates: [10], timeout: 10_000 })).toBeNull();
    expect(warning(564, { users: [], rates: [11], timeout: 10_000 })).toContain('614');
  });

  it('of somebody else\'s server are its own affair', () => {
    expect(warning(164, { users: [100] }, TARGET)).toBeNull();
    expect(() => warning(163, { users: [100] }, TARGET)).toThrow(UserError);
  });

  it('are of no concern where nobody tells a limit', () => {
    expect(warning(null, { users: [100_000] })).toBeNull();
  });
});

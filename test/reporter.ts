/** Says at the end of a run what was skipped or stayed unknown, and fails it where that may not be. */
import type { Reporter, TestModule } from 'vitest/node';
import { summary } from './support/skipped.js';

export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ state: test.result().state, name: `${module.relativeModuleId}: ${test.fullName}`, meta: test.meta() })),
    );
    const { lines, fails } = summary(tests, process.env.CI === 'true');
    if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
    if (fails) process.exitCode = 1;
  }
}

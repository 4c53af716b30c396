import { UserError } from '../base/errors.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';

/** The live server is one process. @throws UserError for a subject with more, which can only be simulated */
export function refuseProcesses(subjects: readonly Measurable[]): void {
  for (const subject of subjects) {
    if (isTarget(subject) || subject.server.processes === 1) continue;
    const { name, server } = subject;
    throw new UserError(
      `${name} has ${server.processes} server processes (server.processes), and is measured with one: \`simulate\`, \`capacity --simulate\` and ` +
        '`advise` know more. Leave them out, or measure your own server as a target.',
    );
  }
}

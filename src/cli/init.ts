/** `init`: a scenario of one's own, and the workflow that holds it to limits in CI. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.js';
import { planTrials } from '../experiment/plan.js';
import { simulatePlan } from '../experiment/simulate-plan.js';
import { isMeasured } from '../advice/rounds.js';
import { formatCounted } from '../report/format.js';
import { initScenario } from '../scenarios/init.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import { WORKFLOW_FILES, workflowOf, type CiSystem, type Workflow } from '../scenarios/workflow.js';
import { proposeLimits } from '../verdict/propose.js';
import { writeNew } from './files.js';
import { printAskedFor, type Io } from './io.js';
import { packageInfo } from './package.js';
import type { Parts } from './parts.js';
import { findMeasurables, findScenario, mustBeScenarioFile } from './scenario.js';
import { startSimulating } from './simulating.js';

/** Options of `init`, as commander gives them. */
export interface InitOptions {
  steps?: string;
  force?: boolean;
  ci?: CiSystem;
}

/**
 * Writes a commented scenario file; `-` is stdout. With `ci` the workflow as well, and a scenario that exists already stays as it is.
 * @throws UserError for steps that cannot be read, or a file that exists already
 */
export async function init(file: string, options: InitOptions, io: Io, parts: Parts): Promise<void> {
  const { ci } = options;
  if (ci === undefined) return initFile(file, options, io);
  const place = path.relative(io.cwd(), path.resolve(io.cwd(), file));
  if (file === '-' || place.startsWith('..')) throw new UserError(`--ci writes a workflow for this folder: give a scenario file in it, not ${file}.`);
  const workflow = path.resolve(io.cwd(), WORKFLOW_FILES[ci]);
  if (existsSync(workflow) && !options.force) throw new UserError(`${WORKFLOW_FILES[ci]} exists already: --force writes over it.`);
  const isThere = existsSync(path.resolve(io.cwd(), file));
  if (!isThere || options.steps !== undefined) await initFile(file, options, io);
  const text = workflowOf(ci, await workflowFor(file, place, io, parts));
  writeNew({ [WORKFLOW_FILES[ci]]: text }, { force: options.force === true }, io);
}

async function initFile(file: string, { steps, force = false }: InitOptions, io: Io): Promise<void> {
  const yaml = initScenario(steps === undefined ? {} : { steps });
  if (file === '-') return printAskedFor(yaml, io);
  mustBeScenarioFile(file);
  writeNew({ [file]: yaml }, { force }, io);
  io.stdout.write(`${file} is written. Run it: sync-vs-events bench ${file}\n`);
}

/** What the workflow is to do: limits that the prediction of today passes, at the loads that they are about. */
async function workflowFor(file: string, place: string, io: Io, parts: Parts): Promise<Workflow> {
  const scenario = findScenario(file, io);
  const { thresholds, loads } = await proposed(scenario, io, parts);
  const { name, version } = packageInfo();
  const shown = place.split(path.sep).join('/');
  const isOpen = scenario.load.users.length === 0;
  const load = loads.length === 0 || scenario.load.stages.length > 0 ? null : { option: isOpen ? ('--rate' as const) : ('--users' as const), levels: loads };
  const said = thresholds.length === 0 ? 'without limits: the model knows none that it passes' : `with ${formatCounted(thresholds.length, 'limit')} that the prediction of today passes`;
  io.stdout.write(`The workflow is written ${said}.\n${thresholds.map((text) => `  ${text}\n`).join('')}`);
  return { scenario: shown, load, thresholds, install: `${name}@${version}` };
}

/** Of servers of one's own no limit is known, and none is proposed for what goes wrong on purpose. */
async function proposed(scenario: Scenario, io: Io, parts: Parts): Promise<ReturnType<typeof proposeLimits>> {
  const known = findMeasurables(scenario).filter((subject): subject is Subject => !isTarget(subject) && subject.faults.length === 0);
  const { trials } = planTrials({ ...scenario, load: { ...scenario.load, until: null, rounds: 1 } }, known, 1);
  const { simulate, signal, end } = startSimulating({ progress: false }, io, parts);
  try {
    return proposeLimits((await simulatePlan({ trials }, simulate, signal, () => {})).filter(isMeasured), trials);
  } finally {
    await end();
  }
}

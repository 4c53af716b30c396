/** `scenarios`, `validate` and `schema`: everything about scenarios but running them. */
import { UserError } from '../base/errors.js';
import { formatCounted } from '../report/format.js';
import { wrap } from '../report/terminal-style.js';
import { sequencePicture } from '../report/sequence/picture.js';
import { problem } from '../scenarios/check/transaction.js';
import { readDocument } from '../scenarios/document.js';
import { doubtsAbout } from '../scenarios/doubts/doubts.js';
import { jsonSchema } from '../scenarios/json-schema.js';
import { GROUPS, paragraphsOf } from '../scenarios/library/entry.js';
import { builtIn, builtInEntry, builtInNames } from '../scenarios/library/library.js';
import { placedLines, type Problem } from '../scenarios/problem.js';
import { resolvedYaml } from '../scenarios/resolved.js';
import type { Scenario } from '../scenarios/scenario.js';
import { withoutSecrets } from '../scenarios/secrets.js';
import { subjectNames } from '../scenarios/subject.js';
import { doubtfulLimit, parseThresholds, unmeasuredBy, withKindNames } from '../verdict/thresholds.js';
import { EXIT } from './exit-codes.js';
import { writeNew } from './files.js';
import { printAskedFor, type Io } from './io.js';
import { findScenario, findSource, SCENARIO_FILE, unknownName } from './scenario.js';

/** Comments of a file, whoever reads it on whatever screen. */
const PAGE = { columns: 110, colour: false, unicode: true, tty: false };

/** Lists the built-in scenarios by group, prints the YAML of one to start from, or draws one. @throws UserError for an unknown name */
export async function scenarios(name: string | undefined, { output }: { output?: string[] }, io: Io): Promise<void> {
  if (output) return drawScenario(name, output, io);
  if (name === undefined) return listScenarios(io);
  const entry = builtInEntry(name);
  if (!entry && SCENARIO_FILE.test(name)) throw new UserError(`${name} is a file of your own: -o svg=PATH draws it, and validate ${name} --resolved prints it with every default.`);
  if (!entry) throw new UserError(unknownName('scenario', name, builtInNames()));
  const { article, story, yaml } = entry;
  const told = [article, ...(story === undefined ? [] : paragraphsOf(story))].map((paragraph) => wrap(paragraph, PAGE, '# '));
  await printAskedFor(`${told.join('\n#\n')}\n\n${yaml}`, io);
}

/** Writes pictures of its arrangements. @throws UserError for another format, no name, or a path that cannot be written */
async function drawScenario(name: string | undefined, outputs: readonly string[], io: Io): Promise<void> {
  if (name === undefined) throw new UserError('--output draws one scenario: name it, as in scenarios checkout -o svg=checkout.svg.');
  const picture = sequencePicture(findScenario(name, io));
  if (picture === null) throw new UserError(`${name} measures nothing that is arranged here: --output has nothing to draw.`);
  for (const output of outputs) {
    const [, file] = /^svg=(.+)$/s.exec(output) ?? [];
    if (file === undefined) throw new UserError(`--output ${output}: expected svg=PATH, as in -o svg=checkout.svg.`);
    if (file === '-') await printAskedFor(picture, io);
    else writePicture(file, picture, io);
  }
}

function writePicture(file: string, picture: string, io: Io): void {
  writeNew({ [file]: picture }, { force: true }, io);
}

function listScenarios(io: Io): void {
  const names = builtInNames();
  const width = Math.max(...names.map((name) => name.length));
  for (const group of GROUPS) {
    const members = names.filter((name) => builtInEntry(name)?.group === group);
    if (members.length === 0) continue;
    io.stdout.write(`${group}\n`);
    for (const name of members) io.stdout.write(`  ${name.padEnd(width)}  ${builtIn(name)?.title ?? ''}\n`);
    io.stdout.write('\n');
  }
  io.stdout.write('bench NAME runs one; scenarios NAME prints its YAML; docs/scenarios.md explains the format.\n');
}

/**
 * Checks a scenario, thresholds included, and warns of what is hardly meant; with `resolved` prints it with every default.
 * Returns the exit code: with `strict` a warning fails.
 * @throws UserError with its mistakes
 */
export async function validate(name: string, options: { resolved?: boolean; strict?: boolean }, io: Io): Promise<number> {
  const scenario = findScenario(name, io);
  const doubts = [...doubtsAbout(scenario), ...thresholdDoubts(scenario)];
  const { text, file } = findSource(name, io);
  for (const line of placedLines(file, doubts, readDocument(text, file).locate, 'warning: ')) io.stderr.write(`${line}\n`);
  if (options.resolved) await printResolved(scenario, io);
  else {
    const { services, steps, event } = scenario;
    const counted = [formatCounted(services.length, 'service'), formatCounted(steps.length, 'step'), formatCounted(event.consumers.length, 'consumer')].join(', ');
    io.stdout.write(`${name} is valid: ${counted}.\n`);
  }
  return options.strict && doubts.length > 0 ? EXIT.failed : EXIT.passed;
}

/** What its thresholds say that is hardly meant. */
function thresholdDoubts(scenario: Scenario): Problem[] {
  const { thresholds, subjects, load } = scenario;
  // Stages without a level of their own begin with no user.
  const loads = load.users.length + load.rates.length > 0 ? [...load.users, ...load.rates] : [0];
  return parseThresholds(thresholds, { subjects: withKindNames(subjectNames(scenario), scenario.kinds) }).flatMap((threshold, position) =>
    [doubtfulLimit(threshold), unmeasuredBy(threshold, subjects, loads)].flatMap((message) =>
      message === undefined ? [] : [problem(['thresholds', position], message)],
    ),
  );
}

async function printResolved(scenario: Scenario, io: Io): Promise<void> {
  const yaml = resolvedYaml(withoutSecrets(scenario));
  await printAskedFor(yaml, io);
  if (yaml.includes('***')) io.stderr.write('What may be a secret is printed as ***: put it into the environment, and write ${NAME} for it.\n');
}

/** Prints the JSON Schema of scenario files, or of records. */
export async function schema({ record = false }: { record?: boolean }, io: Io): Promise<void> {
  const text = record ? (await import('../measurement/record-json-schema.js')).recordJsonSchema() : jsonSchema();
  await printAskedFor(`${JSON.stringify(text, undefined, 2)}\n`, io);
}

/** Scenarios that are modules: programs that say a scenario by their default export. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from '../base/errors.js';
import type { Io } from './io.js';

/**
 * Runs the modules among the arguments of a command and keeps what they say, so that they are read like any file from here on.
 * @throws UserError for a module that fails, or whose default export is no scenario
 */
export async function readModules(args: readonly string[], io: Io): Promise<void> {
  for (const name of args.filter((arg) => /\.[cm]?js$/i.test(arg))) {
    const scenario = await defaultExport(name, io);
    if (typeof scenario !== 'object' || scenario === null) throw new UserError(`${name}: its default export is no scenario: write export default defineScenario({ ... }).`);
    io.given?.set(name, JSON.stringify(scenario));
  }
}

async function defaultExport(name: string, io: Io): Promise<unknown> {
  const file = path.resolve(io.cwd(), name);
  // What Node says of it names files of this program.
  if (!existsSync(file)) throw new UserError(`${name}: there is no such file.`);
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new UserError(`${name}: cannot be loaded: ${messageOf(error)}`);
  }
}

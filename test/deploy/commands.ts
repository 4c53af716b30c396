/** Runs of `export compose|kubernetes`, and whether our own program takes the commands in them. */
import { main } from '../../src/cli/main.js';
import { buildProgram } from '../../src/cli/program.js';
import { fakeIo } from '../support/fake-io.js';

export interface Exported {
  code: number;
  out: string;
  err: string;
}

/** Exports into `run`. */
export async function exported(folder: string, platform: string, ...args: string[]): Promise<Exported> {
  const io = fakeIo(['export', platform, ...args, '-o', 'run'], folder);
  const code = await main(io, {});
  return { code, out: io.out(), err: io.err() };
}

/** What the options of a command come to. @throws where it is refused: by the parser, or as an option that would be ignored */
export async function parsed(args: readonly string[]): Promise<Record<string, unknown>> {
  const program = buildProgram(fakeIo(args, '/'), {}, () => {});
  const command = program.commands.find((one) => one.name() === args[0]);
  if (!command) throw new Error(`There is no command ${args[0] ?? ''}`);
  command.action(() => {});
  await program.parseAsync(['node', 'sync-vs-events', ...args]);
  return { ...command.opts<Record<string, unknown>>(), args: command.args };
}

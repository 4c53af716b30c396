/** The README and `--help` say the same: what is in one and not in the other is a defect. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { fakeIo } from '../support/fake-io.js';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const program = buildProgram(fakeIo([]), {}, () => {});

/** Lines of the table of a command's options: `| -x, --long <value> | ... |`. */
function sectionOf(command: Command): string {
  const start = readme.indexOf(`### \`${usageOf(command)}\``);
  const end = readme.indexOf('\n#', start + 1);
  return start < 0 ? '' : readme.slice(start, end < 0 ? undefined : end);
}

function usageOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`));
  return [command.name(), ...args].join(' ');
}

describe.each(program.commands.map((command) => [command.name(), command] as const))('README: %s', (_, command) => {
  const section = sectionOf(command);

  it('has a section with its arguments', () => {
    expect(section).not.toBe('');
  });

  it('tells the same options as --help', () => {
    const told = [...section.matchAll(/^\| `(-[^`]+)` \|/gm)].map((match) => match[1]);
    expect(told).toEqual(command.options.map(({ flags }) => flags));
  });
});

describe('README', () => {
  it('tells no command that does not exist', () => {
    const told = [...readme.matchAll(/^### `([\w-]+)/gm)].map((match) => match[1]);
    expect(told).toEqual(program.commands.map((command) => command.name()));
  });

  it('uses no command or option that does not exist', () => {
    const known = new Set(program.commands.map((command) => command.name()));
    const options = new Set(program.commands.flatMap((command) => command.options.map(({ long }) => long)));
    const uses = [...readme.matchAll(/npx sync-vs-events ([\w-]+)(.*)$/gm)];
    expect(uses.length).toBeGreaterThan(2);
    for (const [, command = '', rest = ''] of uses) {
      expect(known).toContain(command);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(options).toContain(option);
    }
  });
});

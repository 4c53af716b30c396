/** What is written and `--help` say the same: what is in one and not in the other is a defect. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';
import { fakeIo } from '../support/fake-io.js';

const top = path.resolve(import.meta.dirname, '../..');
const text = (file: string): string => readFileSync(path.join(top, file), 'utf8');
const documents = ['README.md', ...readdirSync(path.join(top, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const reference = text('docs/reference.md');
const program = buildProgram(fakeIo([]), {}, () => {});

/** What the reference says of a command: lines of its table are `| -x, --long <value> | ... |`. */
function sectionOf(command: Command): string {
  const start = reference.indexOf(`### \`${usageOf(command)}\``);
  const end = reference.indexOf('\n#', start + 1);
  return start < 0 ? '' : reference.slice(start, end < 0 ? undefined : end);
}

function usageOf(command: Command): string {
  const args = command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`));
  return [command.name(), ...args].join(' ');
}

describe.each(program.commands.map((command) => [command.name(), command] as const))('docs/reference.md: %s', (_, command) => {
  const section = sectionOf(command);

  it('has a section with its arguments', () => {
    expect(section).not.toBe('');
  });

  it('tells the same options as --help, in the same words', () => {
    const told = [...section.matchAll(/^\| `(-[^`]+)` \| (.*) \|$/gm)].map(([, flags, words]) => [flags, words]);
    expect(told).toEqual(command.options.map(({ flags, description }) => [flags, description.replaceAll('|', String.raw`\|`)]));
  });
});

it('docs/reference.md tells no command that does not exist', () => {
  const told = [...reference.matchAll(/^### `([\w-]+)/gm)].map((match) => match[1]);
  expect(told).toEqual(program.commands.map((command) => command.name()));
});

it('the README can be read in a few minutes', () => {
  expect(text('README.md').split('\n').length).toBeLessThanOrEqual(151);
});

describe.each(documents)('%s', (document) => {
  it('uses no command or option that does not exist', () => {
    const known = new Map(program.commands.map((command) => [command.name(), command.options.map(({ long }) => long)]));
    for (const [, command = '', rest = ''] of text(document).matchAll(/npx sync-vs-events ([\w-]+)(.*)$/gm)) {
      expect([...known.keys()]).toContain(command);
      for (const [option] of rest.matchAll(/--[a-z\d-]+/g)) expect(known.get(command)).toContain(option);
    }
  });

  it('links to files that exist', () => {
    const folder = path.join(top, path.dirname(document));
    for (const [, link = ''] of text(document).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
      expect(existsSync(path.join(folder, link)) ? link : `${link}, which does not exist`).toBe(link);
    }
  });
});

// Writes the commands and options of `--help` into docs/reference.md, between its two marks.
// Usage: npm run docs:commands
import { buildProgram } from '../dist/cli/program.js';
import { writePart } from './document-part.js';

const io = { argv: [], env: {}, stdout: process.stdout, stderr: process.stderr, cwd: () => '.', on() {} };

function section(command) {
  const args = command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`));
  const title = `### \`${[command.name(), ...args].join(' ')}\``;
  const about = `${command.description()[0].toUpperCase()}${command.description().slice(1)}.`;
  const rows = command.options.map(({ flags, description }) => `| \`${flags}\` | ${description.replaceAll('|', '\\|')} |`);
  const table = rows.length > 0 ? ['', '| option | |', '| --- | --- |', ...rows] : [];
  return [title, '', about, ...table].join('\n');
}

writePart('docs/reference.md', 'commands', buildProgram(io, {}, () => {}).commands.map(section).join('\n\n'));

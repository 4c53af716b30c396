// Writes docs/chains.md: the stories of the chains among the built-in scenarios, out of the library. Needs the build.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { paragraphsOf } from '../dist/scenarios/library/entry.js';
import { builtIn, builtInEntry, builtInNames } from '../dist/scenarios/library/library.js';

const HEAD = `# Chains

Twelve chains as companies have them: what each is, what each arrangement does with it, what is to be learned. The numbers are of a minute
in virtual time with seed 1, and a test holds them; \`bench NAME\` measures the same on this machine, \`scenarios NAME\` prints the file to start
from, \`scenarios NAME -o svg=NAME.svg\` draws who calls whom.

Written by \`npm run docs:chains\`.
`;

const chains = builtInNames().filter((name) => builtInEntry(name).group === 'chains');
const sections = chains.map((name) => {
  const { article, story } = builtInEntry(name);
  return [`## ${name}`, `*${builtIn(name).title}.* ${article}`, ...paragraphsOf(story)].join('\n\n');
});
const contents = chains.map((name) => `- [${name}](#${name}): ${builtIn(name).title}`).join('\n');
writeFileSync(path.resolve(import.meta.dirname, '../docs/chains.md'), `${[HEAD.trim(), contents, ...sections].join('\n\n')}\n`);

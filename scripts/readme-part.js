import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Replaces what stands in the README between `<!-- name -->` and `<!-- /name -->`. */
export function writeReadmePart(name, text) {
  const file = fileURLToPath(new URL('../README.md', import.meta.url));
  const readme = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, after] = [readme.slice(0, readme.indexOf(start) + start.length), readme.slice(readme.indexOf(end))];
  writeFileSync(file, `${before}\n${text}\n${after}`);
}

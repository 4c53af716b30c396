import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Replaces what stands in a document, a path from the top, between `<!-- name -->` and `<!-- /name -->`. */
export function writePart(document, name, text) {
  const file = fileURLToPath(new URL(`../${document}`, import.meta.url));
  const whole = readFileSync(file, 'utf8');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, after] = [whole.slice(0, whole.indexOf(start) + start.length), whole.slice(whole.indexOf(end))];
  writeFileSync(file, `${before}\n${text}\n${after}`);
}

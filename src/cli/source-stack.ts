/** Stacks that name the files of `src`: the command line runs from a bundle. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place in the bundle, as a stack tells it. */
const PLACE = /(file:\/\/\S+?\/dist\/bundle\/[\w-]+\.js):(\d+):(\d+)/g;

/** Read only where a stack is shown: Node's own `--enable-source-maps` reads every map at every start. */
const maps = new Map<string, SourceMap | null>();

/** A stack with each place in the bundle as the place in the source that it was made of; all else as it is. */
export function sourceStack(stack: string): string {
  return stack.replaceAll(PLACE, (place, module: string, line: string, column: string) => {
    // Counted from 0, where a stack counts from 1.
    const found = mapOf(module)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!found || !('originalSource' in found)) return place;
    return `${new URL(found.originalSource, module).href}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}

function mapOf(module: string): SourceMap | null {
  if (!maps.has(module)) maps.set(module, readMap(`${fileURLToPath(module)}.map`));
  return maps.get(module) ?? null;
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // A stack without sources says more than a second error.
  }
}

/** Before any tier: `dist` is that of `src`, since children, and the page of the report, come from there. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const CONFIGURATIONS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle.js'];

export default function build(): void {
  if (isStale()) execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
}

function isStale(): boolean {
  const sources = [...below('src'), ...CONFIGURATIONS.map((name) => path.join(ROOT, name))];
  const built = below('dist');
  return built.length === 0 || Math.max(...sources.map(changedAt)) > Math.min(...built.map(changedAt));
}

/** All files below a folder, and of `src` the folders too: one that was removed changes its folder. */
function below(folder: string): string[] {
  try {
    const all = readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
    return all.filter((entry) => entry.isFile() || folder === 'src').map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function changedAt(file: string): number {
  return statSync(file).mtimeMs;
}

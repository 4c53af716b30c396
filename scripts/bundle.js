// Makes dist/bundle: what the command line loads, and the page of the HTML report. A few files start sooner than hundreds.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const common = { bundle: true, outdir: 'dist/bundle', metafile: true, logLevel: 'warning' };

const program = await build({
  ...common,
  entryPoints: { main: 'src/cli/main.ts', 'simulation-thread': 'src/experiment/simulation-thread.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  splitting: true,
  // Names stay as they are: a stack names functions by them.
  minifySyntax: true,
  minifyWhitespace: true,
  // Clients of brokers are there where the user has installed them. The others are not needed to start.
  external: [...Object.keys(peerDependencies), 'autocannon', 'express', '@bufbuild/protobuf'],
  // Of packages that are no modules.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  sourcemap: 'external',
  sourcesContent: false,
});
const page = await build({
  ...common,
  entryPoints: { page: 'src/report/html/client/page.ts', 'page-style': 'node_modules/uplot/dist/uPlot.min.css' },
  format: 'iife',
  target: 'es2023',
  minify: true,
  legalComments: 'inline',
});

/** Packages whose code is in the bundle, by the paths of its inputs. */
const bundled = [program, page].flatMap(({ metafile }) => Object.keys(metafile.inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));

function licenceOf(name) {
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence text: it cannot be bundled`);
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}

// Each of them asks that its notice goes with every copy.
writeFileSync('dist/bundle/LICENSES.txt', [...new Set(bundled)].toSorted().map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`));

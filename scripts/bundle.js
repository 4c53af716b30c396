// Makes dist/bundle: what the command line and programs load, and the page of the HTML report. A few files start sooner than hundreds,
// and packages that are in it alone need not be installed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const common = { bundle: true, outdir: 'dist/bundle', metafile: true, logLevel: 'warning' };

const program = await build({
  ...common,
  entryPoints: {
    main: 'src/cli/main.ts',
    index: 'src/programs/index.ts',
    // Processes and threads, each loaded by its name.
    'load-process': 'src/load/process.ts',
    'server-process': 'src/architectures/process.ts',
    'services-process': 'src/services/process.ts',
    'consumers-process': 'src/architectures/consumers/process.ts',
    'broker-process': 'src/events/brokers/process.ts',
    'target-process': 'src/experiment/target/process.ts',
    'outbox-writer': 'src/events/adapters/outbox-writer.ts',
    'simulation-thread': 'src/experiment/simulation-thread.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  splitting: true,
  // Names stay as they are: a stack names functions by them.
  minifySyntax: true,
  minifyWhitespace: true,
  // Clients of brokers are there where the user has installed them. The others are not needed to start.
  external: [...Object.keys(peerDependencies), 'autocannon', 'express'],
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

/** Packages whose code is in the bundle, each with those of its files that are, by the paths of its inputs. */
const bundled = new Map();
for (const file of [program, page].flatMap(({ metafile }) => Object.keys(metafile.inputs))) {
  const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  if (name) bundled.set(name, [...(bundled.get(name) ?? []), file]);
}

function licenceOf([name, files]) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : noticesIn(files);
  if (!text) throw new Error(`${name} has no licence text: it cannot be bundled`);
  return `${name} ${version} (${license})\n\n${text}\n`;
}

/** What a package says at the head of each file in place of a file of its own; the licence that it names there goes with it. */
function noticesIn(files) {
  const heads = files.flatMap((file) => /^(?:\/\/.*\n)+/.exec(readFileSync(file, 'utf8'))?.[0].replaceAll(/^\/\/ ?/gm, '').trim() ?? []);
  const notices = [...new Set(heads)].filter((head) => /copyright/i.test(head));
  const apache = notices.some((notice) => notice.includes('Apache License')) ? [readFileSync('node_modules/typescript/LICENSE', 'utf8').trim()] : [];
  return [...notices, ...apache].join('\n\n');
}

// Each of them asks that its notice goes with every copy.
writeFileSync('dist/bundle/LICENSES.txt', [...bundled].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(licenceOf).join(`\n${'-'.repeat(80)}\n\n`));

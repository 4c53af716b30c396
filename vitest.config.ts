import path from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/sequencer.js';

const SOURCE = path.resolve(import.meta.dirname, 'src') + path.sep;
const BUILD = path.resolve(import.meta.dirname, 'dist') + path.sep;

/**
 * What starts processes tests the build: children run from `dist`, and a test that imports `src` beside them would test a
 * mixture of two. The tests say `src`, so that one can be moved from tier to tier by its name alone.
 */
const fromBuild: Plugin = {
  name: 'from-build',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!importer || !source.startsWith('.')) return null;
    const file = path.resolve(path.dirname(importer), source);
    return file.startsWith(SOURCE) ? BUILD + file.slice(SOURCE.length) : null;
  },
};

/**
 * A tier takes its files by their names: `*.smoke.test.ts`, `*.live.test.ts`, `*.stats.test.ts`; all others are unit tests,
 * and those of statistics too, with few repetitions.
 */
const named = (tier: string): string => `test/**/*.${tier}.test.ts`;

/**
 * Live tests judged by books, counts and what came before what, which others at work do not change; much of their time is waiting for
 * brokers. The other live tests are judged by intervals and predictions too, and have the machine to themselves.
 */
const BOOKS = [
  'test/events/**/*.live.test.ts',
  'test/experiment/{stories/*,buses,faults-buses,refused,real-services,paired,target/command}.live.test.ts',
  'test/{ci,engines,report}/**/*.live.test.ts',
  'test/cli/{abort,live,trouble}.live.test.ts',
];

const common = { globalSetup: ['test/build.ts'], setupFiles: ['test/setup.ts'] };
/** Computation alone: files share a thread for each core, because loading modules anew costs more than the tests do. */
const computing = { ...common, maxWorkers: '100%', setupFiles: [...common.setupFiles, 'test/setup-unit.ts'], pool: 'threads', isolate: false } as const;
/** How long is waited for what must happen is no judgement: a busy machine takes its time. */
const running = { ...common, pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } } as const;

/** Where the results are written for a program to read, if anywhere. */
const { TEST_REPORT } = process.env;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './test/reporter.ts', ...(TEST_REPORT ? [['json', { outputFile: TEST_REPORT }] as const] : [])],
    projects: [
      { test: { ...computing, name: 'unit', include: ['test/**/*.test.ts'], exclude: [named('smoke'), named('live')], testTimeout: 60_000, sequence: { groupOrder: 0 } } },
      // Judged by books and counts, which others at work do not change: as many files at once as there are cores.
      { plugins: [fromBuild], test: { ...running, name: 'smoke', maxWorkers: '100%', include: [named('smoke')], sequence: { groupOrder: 1 } } },
      { plugins: [fromBuild], test: { ...running, name: 'live-books', maxWorkers: '100%', setupFiles: [...running.setupFiles, 'test/setup-books.ts'], include: BOOKS, sequence: { groupOrder: 2 } } },
      // Two cores: files that start real processes would disturb each other's timing.
      { plugins: [fromBuild], test: { ...running, name: 'live', include: [named('live')], exclude: BOOKS, fileParallelism: false, sequence: { groupOrder: 3 } } },
      { test: { ...computing, name: 'stats', include: [named('stats')], env: { SIMULATED: '1' }, testTimeout: 300_000, sequence: { groupOrder: 4 } } },
    ],
  },
});

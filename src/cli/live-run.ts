/** `bench --open`: the report of a run that is not over, page by page. */
import { makeRecord, type RunHead } from '../experiment/record.js';
import type { RunRecord, Trial } from '../measurement/record.js';
import { htmlReport, liveReport } from '../report/html/page.js';
import { progressMessage, type ProgressState } from '../report/progress.js';
import { openBrowser } from './browser.js';
import { timeOf, type Io } from './io.js';
import { LivePage } from './live-page.js';

/** What a run tells its page; all of it does nothing where none was asked for. */
export interface LiveRun {
  /** Where the run is. */
  say(state: ProgressState): void;
  /** After a trial, with all so far. Pages are made between trials: nothing that is measured waits for them. */
  show(trials: readonly Trial[]): void;
  /** The report of the run, when there is one; then the page is no longer served. */
  end(record?: RunRecord): Promise<void>;
}

/** How often a page is told where the run is, ms; of another phase at once. */
const SAY_EVERY = 500;

/** Serves the page of a run, prints where, and opens it where there is a browser. */
export async function followRun(head: RunHead, options: { open?: boolean }, io: Io): Promise<LiveRun> {
  if (!options.open) return { say: () => {}, show: () => {}, end: () => Promise.resolve() };
  const page = await LivePage.open(liveReport(makeRecord(head, [])));
  io.stderr.write(`live page: ${page.url}\n`);
  openBrowser(page.url, io.env);
  const { now } = timeOf(io);
  let saidAt = -Infinity;
  let said = '';
  return {
    say: (state) => {
      const phase = `${state.position} ${state.phase}`;
      if (phase === said && now() - saidAt < SAY_EVERY) return;
      said = phase;
      saidAt = now();
      page.say(progressMessage(state), state.elapsed / Math.max(1, state.elapsed + state.left));
    },
    show: (trials) => page.show(liveReport(makeRecord(head, trials))),
    end: async (record) => {
      if (record) page.show(htmlReport(record));
      await page.close();
    },
  };
}

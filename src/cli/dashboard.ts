/** `serve --dashboard`: a page that follows the server while it runs. */
import { backlogOf, stepsOf, type Serving as Served } from '../experiment/processes.js';
import { formatClock } from '../report/progress.js';
import { servingPage, type ServingMoment } from '../report/html/serving.js';
import { openBrowser } from './browser.js';
import type { Io } from './io.js';
import { LivePage } from './live-page.js';
import { packageInfo } from './package.js';

/** Between two looks at the server, ms. */
const LOOK_EVERY = 1000;
/** Looks that are kept: ten minutes. */
const KEPT = 600;

/** Serves the page, prints where, and opens it where there is a browser. Resolves to what ends it. */
export async function showServer(
  about: { subject: string; scenario: string; url: string },
  served: Served,
  io: Io,
): Promise<() => Promise<void>> {
  const startedAt = performance.now();
  const tool = packageInfo();
  const moments: ServingMoment[] = [];
  const look = async (): Promise<string> => {
    const [steps, backlog] = await Promise.all([stepsOf(served), backlogOf(served)]);
    moments.push({ at: Math.round(performance.now() - startedAt), steps, backlog });
    moments.splice(0, moments.length - KEPT);
    return servingPage({ tool, ...about, moments });
  };
  const page = await LivePage.open(await look());
  io.stdout.write(`dashboard: ${page.url}\n`);
  openBrowser(page.url, io.env);
  const update = async (): Promise<void> => {
    page.show(await look());
    page.say(`serving for ${formatClock(performance.now() - startedAt)}`, 0);
  };
  // The death of the server is reported by its group.
  const timer = setInterval(() => void update().catch(() => {}), LOOK_EVERY);
  return () => {
    clearInterval(timer);
    return page.close();
  };
}

/** Where the time goes, drawn as the request's line of time: what its user waits for, and what happens afterwards. */
import type { TrialLoad } from '../../measurement/record.js';
import { formatCount, formatShare, formatTime } from '../format.js';
import { rowsAt, subjectNamed, type Context } from './context.js';
import { table } from './figure.js';
import { html, type Markup } from './markup.js';
import { endOf, layout, type Bar, type Timeline } from './timeline-layout.js';

/** Beyond the longest reply the axis shows this much of what comes after; later ends are written. */
const ROOM = 1.9;

/** One line of time for each subject under this load, all on one axis, with its table beside it. */
export function timelines(context: Context, load: TrialLoad): Markup {
  const drawn = rowsAt(context, load).flatMap((row) => {
    const timeline = layout(row, context.record.scenario);
    return timeline ? [{ name: row.architecture, timeline }] : [];
  });
  const end = axisEnd(drawn.map(({ timeline }) => timeline));
  return html`${drawn.map(({ name, timeline }) => {
    const { colour } = subjectNamed(context, name);
    return html`<div class="beside">
      ${drawing(name, timeline, end, colour)}
      <div>${numbers(name, timeline)}</div>
    </div>`;
  })}`;
}

function axisEnd(all: readonly Timeline[]): number {
  const reply = Math.max(0, ...all.map((timeline) => timeline.reply));
  const last = Math.max(reply, ...all.flatMap(({ bars }) => bars.map(endOf)));
  return Math.min(last, reply * ROOM) * 1.02;
}

function drawing(name: string, { bars, reply }: Timeline, end: number, colour: string): Markup {
  const said = bars
    .map((bar) => `${bar.name} waits ${formatTime(bar.waiting)}, works ${formatTime(bar.working)}`)
    .join('; ');
  return html`<figure class="timeline" style="--c:var(--${colour})">
    <figcaption>
      <h3><i class="dot"></i>${name}</h3>
      <p>replies after ${formatTime(reply)} on average</p>
    </figcaption>
    <div class="lanes" style="--reply:${share(reply, end)}" role="img" aria-label="${name}: ${said}">
      <div class="lane axis">
        <span></span>${axis(share(reply, end), end)}
      </div>
      ${bars.map((bar) => lane(bar, end))}
    </div>
  </figure>`;
}

/** Both ends of the axis, where the word "reply" leaves room for them. */
function axis(reply: number, end: number): Markup {
  const from = reply > 0.15 && html`<small>0</small>`;
  const to = reply < 0.75 && html`<small class="end">${formatTime(end)}</small>`;
  return html`<span class="track">${from}${to}<b class="${reply < 0.25 ? 'early' : 'late'}">reply</b></span>`;
}

function lane(bar: Bar, end: number): Markup {
  const [left, waiting, working] = [bar.from, bar.waiting, bar.working].map(
    (ms) => `${(share(ms, end) * 100).toFixed(2)}%`,
  );
  const kind = `${bar.isBeforeReply ? 'before' : 'later'}${bar.failed > 0.5 ? ' failing' : ''}`;
  const total = formatTime(bar.waiting + bar.working);
  const isBeyond = endOf(bar) > end;
  const failed = bar.failed > 0.005 ? html` <em>${formatShare(bar.failed)} failed</em>` : '';
  return html`<div class="lane">
    <span class="name">${bar.name}</span
    ><span class="track"
      ><span class="bar ${kind}" style="left:${left}"
        ><i class="waiting" style="width:${waiting}"></i><i class="working" style="width:${working}"></i></span
    ></span>
    <span class="value">${total}${isBeyond ? ' →' : ''}${failed}</span>
  </div>`;
}

function share(ms: number, end: number): number {
  return end > 0 ? Math.min(1, ms / end) : 0;
}

function numbers(name: string, { bars }: Timeline): Markup {
  const head = [
    { label: 'step', align: 'left' as const },
    { label: 'waits', about: 'Mean wait for a worker, ms to s; of a consumer, the event lag too.' },
    { label: 'works', about: 'Mean time at work.' },
    { label: 'calls', about: 'Calls made for measured requests, retries included.' },
    { label: 'busy', about: "Utilisation: share of the workers' time that was busy." },
    { label: 'workers', about: 'Calls that the service serves, or events that the consumer works on, at once.' },
  ];
  const rows = bars.map((bar) => [
    bar.isBeforeReply ? bar.name : html`${bar.name}<small>after the reply</small>`,
    formatTime(bar.waiting),
    formatTime(bar.working),
    formatCount(bar.calls),
    { text: formatShare(bar.utilisation), meaning: (bar.utilisation ?? 0) >= 0.9 ? 'warn' : 'plain' },
    formatCount(bar.workers),
  ]);
  return table(`Steps of ${name}, mean times`, head, rows);
}

/** How it was measured: machine, scenario, command, how busy the processes were, and the record to take away. */
import { resolvedYaml } from '../../scenarios/resolved.js';
import { repeatCommand } from '../command.js';
import { formatBus, formatBytes, formatGenerator, formatHop, formatLoad, formatMachine, formatShare, formatTime } from '../format.js';
import type { Context } from './context.js';
import { embedded, leftOutSentence } from './embedded.js';
import { table } from './figure.js';
import { html, type Markup } from './markup.js';

/** Everything that it takes to judge the numbers and to have them again. */
export function facts(context: Context): Markup {
  const { record } = context;
  const { tool, environment, plan, seed, startedAt } = record;
  const told: [string, string][] = [
    ['started', startedAt],
    ['tool', `${tool.name} ${tool.version}`],
    ['node', environment.node],
    ['system', `${environment.os}, ${environment.arch}`],
    ['processor', `${environment.cpu}, ${environment.cores} cores`],
    ['memory', formatBytes(environment.memoryBytes)],
    ['CI', environment.ci ?? 'no'],
    ['seed', String(seed)],
    ...(plan.bus ? [['events', formatBus(plan.bus)] satisfies [string, string]] : []),
    ...(record.generator ? [['load', formatGenerator(record) ?? ''] satisfies [string, string]] : []),
    ['hops', formatHop(plan.hop) ?? 'services called over HTTP'],
    ...(record.machine ? [['the machine adds', formatMachine(record.machine)] satisfies [string, string]] : []),
  ];
  const leftOut = leftOutSentence(embedded(record, context.isLive));
  return html`<section id="facts">
    <h2>How it was measured</h2>
    <div class="beside">
      <div>
        <h3>Again</h3>
        <pre class="command" tabindex="0">${repeatCommand(record)}</pre>
        <p><button type="button" class="download">Download the record (JSON)</button></p>
        ${leftOut !== null && html`<p class="notes">${leftOut}</p>`}
        <h3>Where</h3>
        <dl class="facts">
          ${told.map(
            ([name, value]) =>
              html`<div>
                <dt>${name}</dt>
                <dd>${value}</dd>
              </div>`,
          )}
        </dl>
      </div>
      <div>${context.rows.length > 0 && busy(context)}</div>
    </div>
    <details>
      <summary>The scenario, every field written out (YAML)</summary>
      <pre tabindex="0">${yaml(context)}</pre>
    </details>
  </section>`;
}

/** A record of another version may hold a scenario that cannot be written as a file any more. */
function yaml({ record }: Context): string {
  try {
    return resolvedYaml(record.scenario);
  } catch {
    return JSON.stringify(record.scenario, null, 2);
  }
}

/** Of every trial, the busiest moment of its processes: where one was busy all the time, it may have been the limit. */
function busy({ rows }: Context): Markup {
  const names = [...new Set(rows.flatMap((row) => row.measured.flatMap((trial) => Object.keys(trial.processes))))];
  const head = [
    { label: 'trial', align: 'left' as const },
    ...names.map((name) => ({
      label: name,
      about: `Share of the time the event loop of the process ${name} was busy.`,
    })),
    { label: 'late', about: 'Largest delay of an event loop, 99th percentile.' },
  ];
  const measured = rows.flatMap((row) => row.measured);
  const cells = measured.map(({ architecture, load, round, processes }) => [
    `${architecture}, ${formatLoad(load)}${round > 1 ? `, round ${round}` : ''}`,
    ...names.map((name) => {
      const share = processes[name]?.eventLoop ?? null;
      return { text: formatShare(share), meaning: (share ?? 0) > 0.9 ? 'bad' : 'plain' };
    }),
    formatTime(Math.max(0, ...Object.values(processes).map((usage) => usage.delayP99))),
  ]);
  return table('How busy the processes were', head, cells);
}

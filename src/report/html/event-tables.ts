/** The account of the event side in tables: each consumer's flow, and the ledger. */
import type { TrialGroup } from '../../advice/rounds.js';
import { growthOf, isGrowth } from '../../measurement/backlog-growth.js';
import type { EventsResult, LedgerCounts } from '../../measurement/record.js';
import { lagBound, percentileCell } from '../cells.js';
import { formatCount, formatRate, formatTime } from '../format.js';
import { table } from './figure.js';
import { html, type Markup } from './markup.js';

/** How events flowed at each consumer. */
export function consumers(row: TrialGroup, events: EventsResult): Markup {
  const seconds = row.measured[0]?.window.seconds ?? 0;
  const head = [
    { label: 'consumer', align: 'left' as const },
    { label: 'workers', about: 'Events worked on at once.' },
    { label: 'in /s', about: 'Events that arrived per second.' },
    { label: 'out /s', about: 'Events processed per second.' },
    { label: 'grows /s', about: 'Growth of the backlog within the window, events per second.' },
    { label: 'end', about: 'Backlog when the load ended.' },
    { label: 'lag p95', about: 'From publish to the start of processing.' },
    { label: 'drain', about: 'Time from the end of the load until nothing waits.' },
  ];
  const rows = Object.entries(events.consumers).map(([name, consumer]) => [
    name,
    formatCount(consumer.workers),
    formatRate(consumer.arrivalRate),
    formatRate(consumer.processingRate),
    {
      text: formatSlope(consumer.backlog.slopePerSecond),
      meaning: isGrowth(growthOf(consumer, seconds)) ? 'warn' : 'plain',
    },
    formatCount(consumer.backlog.end),
    percentileCell(row, 'p95', (trial) => trial.events?.consumers[name]?.lag ?? null, lagBound),
    consumer.backlog.drainSeconds === null ? 'never' : formatTime(consumer.backlog.drainSeconds * 1000),
  ]);
  return table(`Consumers of ${row.architecture}`, head, rows);
}

function formatSlope(perSecond: number): string {
  const size = Math.abs(perSecond) < 0.05 ? '0' : formatRate(Math.abs(perSecond));
  return size === '0' ? '0' : `${perSecond < 0 ? '-' : '+'}${size}`;
}

const LEDGER: readonly (readonly [keyof LedgerCounts, string, 'good' | 'bad' | 'warn' | 'plain'])[] = [
  ['attempted', 'Publishes begun.', 'plain'],
  ['acknowledged', 'Publishes that the bus has taken.', 'plain'],
  ['processed', 'Acknowledged, and done by every consumer.', 'plain'],
  ['pending', 'Still waiting or in progress when the drain ended.', 'warn'],
  ['lost', 'Acknowledged, and never processed although nothing waits any more.', 'bad'],
  ['deadLettered', 'Given up after the last delivery.', 'bad'],
  ['duplicated', 'Processed more than once by a consumer.', 'warn'],
  ['appliedTwice', 'Whose effect took place more than once.', 'bad'],
  ['outOfOrder', 'Started after a later event of the same order.', 'warn'],
  ['recovered', 'Not acknowledged, yet processed.', 'warn'],
  ['unexpected', 'Processed, never attempted.', 'bad'],
];

/** The counts that are always told, and those that should be zero where they are not. */
export function ledger(name: string, events: EventsResult): Markup {
  const told = LEDGER.filter(([key], i) => i < 5 || events[key] > 0);
  const rows = told.map(([key, about, meaning]) => [
    html`<abbr title="${about}">${words(key)}</abbr>`,
    { text: formatCount(events[key]), meaning: events[key] > 0 ? meaning : 'plain' },
  ]);
  return table(`Ledger of the events of ${name}`, [{ label: 'events', align: 'left' }, { label: 'count' }], rows);
}

/** `deadLettered` is `dead lettered`. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

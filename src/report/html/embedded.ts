/** The record that a page hands out: whole, or without what would make the page too large to open. */
import { gzipSync } from 'node:zlib';
import type { RunRecord } from '../../measurement/record.js';
import { formatCount } from '../format.js';
import { html, Markup } from './markup.js';

/** Requests whose raw samples a page carries at most: some 1 MB of it. Its charts are drawn already, and show no fewer without. */
const MOST_REQUESTS = 100_000;

/** A record as a page carries it. */
export interface Embedded {
  record: RunRecord;
  /** Requests whose raw samples it leaves out; 0: it is whole. */
  leftOut: number;
}

/** @param isLive whether the page is sent again and again: then it carries no samples at all */
export function embedded(record: RunRecord, isLive = false): Embedded {
  // An outcome is one byte.
  const requests = record.trials.reduce((sum, trial) => sum + ('samples' in trial ? Buffer.byteLength(trial.samples.outcome, 'base64') : 0), 0);
  if (requests <= (isLive ? 0 : MOST_REQUESTS)) return { record, leftOut: 0 };
  return { record: { ...record, trials: record.trials.map(withoutSamples) }, leftOut: requests };
}

function withoutSamples(trial: RunRecord['trials'][number]): RunRecord['trials'][number] {
  if (!('samples' in trial)) return trial;
  const samples = { start: '', time: '', outcome: '' };
  if (trial.events === null) return { ...trial, samples };
  const { samples: _, ...events } = trial.events;
  return { ...trial, samples, events };
}

/** Says what the record of the page lacks; null when it is whole. */
export function leftOutSentence({ leftOut }: Embedded): string | null {
  if (leftOut === 0) return null;
  return `Without the raw samples of its ${formatCount(leftOut)} requests, which this page does not carry: the record that -o json=FILE writes has them.`;
}

/** What the page's script hands out, compressed. */
export function recordElement({ record }: Embedded): Markup {
  const text = gzipSync(JSON.stringify(record)).toString('base64');
  return html`<script type="application/octet-stream" class="record-data">
    ${new Markup(text)}
  </script>`;
}

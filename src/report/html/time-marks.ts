/** What went wrong on purpose, marked in time. */
import type { MeasuredTrial } from '../../measurement/record.js';
import type { Mark } from './chart.js';
import type { Context } from './context.js';

/** Outages of services, and faults of processes as they really happened; one that never ended goes on to the end. */
export function faultMarks({ record }: Context, { window, faults = [] }: MeasuredTrial): Mark[] {
  const end = window.seconds * 1000;
  const span = (label: string, at: number, to: number): Mark => ({ kind: 'span', at, to: Math.min(to, end), label, colour: 'bad' });
  return [
    ...record.scenario.services.flatMap(({ name, outages }) =>
      outages.map((outage) => span(`${name}: ${outage.kind}`, outage.from, outage.from + outage.for)),
    ),
    ...faults.map(({ kind, process, at, until }) => span(`${kind} ${process}`, at, until ?? end)),
  ];
}

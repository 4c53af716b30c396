/** The tables beside that of a run, in their order: each is there only when it has something to tell. */
import type { RunRecord } from '../measurement/record.js';
import { eventTable } from './event-table.js';
import { sameOrdersTable } from './same-orders.js';
import { scalingTable } from './scaling-table.js';
import { stageTable } from './stage-table.js';
import type { SideTable } from './side-table.js';
import { sidesTable } from './sides-table.js';
import { stepTable } from './step-table.js';

export function sideTablesOf(record: RunRecord): SideTable[] {
  return [...sidesTable(record), ...sameOrdersTable(record), ...stageTable(record), ...eventTable(record), ...stepTable(record), ...scalingTable(record)];
}

/** Where a broker's program is. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/errors.js';
import { BUSES, type BrokerKind } from '../buses.js';
import type { PrivateBroker } from './private-broker.js';

/**
 * The program of a broker.
 * @param searchPath folders as in PATH
 * @throws UserError when it is not installed: what to install
 */
export function findBroker(kind: BrokerKind, searchPath = process.env['PATH'] ?? ''): string {
  const { binary, preferred, folders, install, missing }: PrivateBroker = BUSES[kind].broker;
  const found = [...searchPath.split(path.delimiter), ...(folders?.() ?? [])]
    .map((folder) => path.join(folder, binary))
    .find(isExecutable);
  if (!found) throw new UserError(`--bus ${kind} needs ${binary}, which is not on the PATH (${install}), or --bus-url`);
  const lacks = missing?.(process.env);
  if (lacks !== undefined) throw new UserError(`--bus ${kind} needs ${lacks}, or --bus-url`);
  return preferred && isExecutable(preferred) ? preferred : found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

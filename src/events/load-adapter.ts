/** How a bus is loaded: its client only when it is chosen. */
import { UserError } from '../base/errors.js';
import type { Adapter } from './adapter.js';
import { BUSES, type BusName } from './buses.js';
import type { BusDescriptor } from './descriptor.js';

/**
 * Loads one kind of bus.
 * @throws UserError when its client is not installed: what to install
 */
export async function loadAdapter(name: BusName): Promise<Adapter> {
  const { load, packages }: BusDescriptor = BUSES[name];
  try {
    return (await load()).adapter;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = packages.some((wanted) => message.includes(`'${wanted.slice(0, wanted.lastIndexOf('@'))}'`));
    if (code !== 'ERR_MODULE_NOT_FOUND' || !isMissing) throw error;
    throw new UserError(`--bus ${name} needs a package that is not installed: npm install ${packages.join(' ')}`, {
      cause: error,
    });
  }
}

/** Listening on an address of this machine: what goes wrong with it, in words. */
import { UserError } from './errors.js';

/** Why nothing listens there, as the user is told; what is no mistake of the user's as it is. */
export function listenError(error: NodeJS.ErrnoException, { port, host }: { port: number; host: string }): Error {
  if (error.code === 'EADDRINUSE') return new UserError(`Port ${port} is in use: choose another one, or 0 for any that is free.`);
  if (error.code === 'EACCES') return new UserError(`Port ${port} needs more rights than yours: choose one from 1024.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') return new UserError(`${host} is no address of this machine: choose one of its own, or 0.0.0.0 for all of them.`);
  return error;
}

/** Whether nobody but this machine gets at what listens there. */
export function isOwnAddress(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

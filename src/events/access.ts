/** How one gets into a broker: user, password, token, files and TLS, as its own tools take them. */
import { readFile } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import { UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';

/** What can be said beside host and port. */
const FIELDS = ['user', 'password', 'token', 'credentials', 'ca', 'certificate', 'key'] as const;
type Field = (typeof FIELDS)[number];
const FILES = ['credentials', 'ca', 'certificate', 'key'] as const;

/** What one kind of broker knows. */
export interface Authentication {
  /** Schemes of its address, the plain one and the one over TLS. */
  schemes: { plain: string; secure: string };
  /** Whether a user without a password is a token. */
  hasTokens: boolean;
  /** Parameters of the address that name files, as its own tools call them. */
  files: Partial<Record<(typeof FILES)[number], string>>;
  /** Variables that its own tools read where the address says nothing. */
  variables: Partial<Record<Field, string>>;
}

/** An address taken apart. */
export interface Access extends Partial<Record<Field, string>> {
  /** Without user information and without the names of files. */
  url: string;
  isSecure: boolean;
}

/**
 * The address of a user's own broker, with what the environment adds to it.
 * @throws UserError when it is no address of such a broker
 */
export function brokerUrl(text: string, authentication: Authentication, env: Readonly<Record<string, string | undefined>>): string {
  const { schemes, variables, files } = authentication;
  const url = parsed(text.includes('://') ? text : `${schemes.plain}//${text}`, authentication);
  const said = accessOf(url.href, authentication);
  const isAnonymous = url.username === '' && url.password === '';
  for (const field of FIELDS) {
    const value = env[variables[field] ?? ''];
    if (value === undefined || value === '') continue;
    if (isFile(field)) {
      if (said[field] === undefined) url.searchParams.set(files[field] ?? field, value);
    } else if (isAnonymous) {
      url[field === 'password' ? 'password' : 'username'] = encodeURIComponent(value);
    }
  }
  return url.href;
}

/** @throws UserError when the address is none of such a broker */
export function accessOf(text: string, authentication: Authentication): Access {
  const { schemes, files, hasTokens } = authentication;
  const url = parsed(text, authentication);
  const access: Access = { url: '', isSecure: url.protocol === schemes.secure };
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (password !== '') Object.assign(access, user === '' ? { password } : { user, password });
  else if (user !== '') Object.assign(access, hasTokens ? { token: user } : { user });
  for (const field of FILES) {
    const name = files[field];
    const file = name === undefined ? null : url.searchParams.get(name);
    if (name === undefined || file === null) continue;
    access[field] = file;
    url.searchParams.delete(name);
  }
  url.username = '';
  url.password = '';
  return { ...access, url: url.href };
}

/** The files of an address as Node's TLS takes them. */
export async function tlsFiles({ ca, certificate, key }: Access): Promise<Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>> {
  const files = Object.entries({ ca, cert: certificate, key });
  const read = files.map(async ([name, file]) => (file === undefined ? [] : [[name, await readFile(file)]]));
  return Object.fromEntries((await Promise.all(read)).flat()) as Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;
}

function parsed(text: string, { schemes: { plain, secure } }: Authentication): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && [plain, secure].includes(url.protocol) && url.hostname !== '') return url;
  throw new UserError(`--bus-url ${maskUrls(text)} is no address of this bus: expected ${plain}//host:port, or ${secure}//host:port over TLS.`);
}

function isFile(field: Field): field is (typeof FILES)[number] {
  return FILES.some((file) => file === field);
}

/** A `%` that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** How one gets into a broker: user, password, token, files and TLS, as its own tools take them. */
import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../base/errors.js';
import { maskUrls } from '../base/urls.js';

/** What can be said beside host and port. */
const FIELDS = ['user', 'password', 'token', 'credentials', 'seed', 'ca', 'certificate', 'key'] as const;
type Field = (typeof FIELDS)[number];
const FILES = ['credentials', 'seed', 'ca', 'certificate', 'key'] as const;

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

/** The files of an address as Node's TLS takes them, in PEM. @throws UserError for one that cannot be read */
export function tlsFiles({ ca, certificate, key }: Partial<Record<'ca' | 'certificate' | 'key', string>>): TlsFiles {
  const files = Object.entries({ ca, cert: certificate, key });
  return Object.fromEntries(files.flatMap(([name, file]) => (file === undefined ? [] : [[name, readNamed(file).toString()]])));
}

/** What Node's TLS is told of files. */
export type TlsFiles = Partial<Record<'ca' | 'cert' | 'key', string>>;

/** A file that an address names. @throws UserError when it cannot be read */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`--bus-url names ${file}, which cannot be read: ${messageOf(error)}`, { cause: error });
  }
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

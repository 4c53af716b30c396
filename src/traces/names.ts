/** Names of operations and steps, out of what spans are called. */
import { maskUrls } from '../base/urls.js';
import type { Node } from './tree.js';

/** Longest name of a step or service of a scenario. */
const LONGEST = 40;
const HTTP_METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/i;

/** The operation of a span: a route in place of a path, ids of a path in braces, and no full name of a remote call. */
export function operationOf({ name, attributes }: Pick<Node, 'name' | 'attributes'>): string {
  const method = attributes['http.request.method'] ?? attributes['http.method'];
  const path = attributes['http.route'] ?? pathOf(attributes);
  if (path !== undefined && method !== undefined && isPoor(name)) return templated(`${method} ${path}`);
  return templated(name) || 'unnamed';
}

/** A name that tells nothing of what is asked for: `GET`, `HTTP GET`, `/*`. */
function isPoor(name: string): boolean {
  return name === '' || /^(HTTP\s+)?(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/i.test(name) || /^\/?\*?$/.test(name);
}

function pathOf(attributes: Readonly<Record<string, string>>): string | undefined {
  const written = attributes['url.path'] ?? attributes['http.target'] ?? attributes['url.full'] ?? attributes['http.url'];
  return written?.replace(/^https?:\/\/[^/?#]+/, '').replace(/[?#].*$/, '') || undefined;
}

/** Names stand in traces again and again: what each was made into, until there are too many. */
const templates = new Map<string, string>();
const MOST_TEMPLATES = 2000;

/** The name without what is of one request. */
function templated(written: string): string {
  const known = templates.get(written);
  if (known !== undefined) return known;
  if (templates.size >= MOST_TEMPLATES) templates.clear();
  const name = template(written);
  templates.set(written, name);
  return name;
}

/** Numbers, UUIDs and long hexadecimal parts of a path are ids; a query is left out. */
function template(written: string): string {
  // Statements are of one request as well, values and all.
  const name = maskUrls(written).replaceAll(/'[^']*'/g, '?');
  if (!name.includes('/')) return name;
  // A query is of one request, and may hold what lets somebody in.
  return name.replace(/[?#]\S*/, '').replace(/\/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,})(?=\/|$|\s)/gi, '/{id}');
}

/** The last part of a full name: `hipstershop.CartService/GetCart` is `GetCart`. Paths keep theirs. */
export function baseName(operation: string): string {
  // Meshes name a span by the host alone.
  if (/^[\w.-]+:\d+\/\*$/.test(operation)) return '';
  if (HTTP_METHOD.test(operation) || /^HTTP\b/.test(operation) || !/^\/?[\w.$-]+\/\w+$/.test(operation)) return operation;
  return operation.slice(operation.lastIndexOf('/') + 1);
}

/** A short name of a service: without `service` at its end, and without its namespace. */
export function shortService(service: string): string {
  // A mesh writes name.namespace.
  const name = /^[\w-]+\.[\w-]+$/.test(service) ? service.replace(/\..*$/, '') : service;
  return name.replace(/\.(svc|default|istio-system)\b.*$/, '').replace(/[-_.]?service$/i, '') || name;
}

/** A name as scenarios allow it: letters, digits, `-` and `_`, from a letter on, 40 at most. */
export function slug(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^[^A-Za-z]+|[-_]+$/g, '');
  return plain.slice(0, LONGEST).replace(/[-_]+$/, '') || 'step';
}

/** The slug, with a number behind it when it is taken already. */
export function freeSlug(text: string, taken: ReadonlySet<string>): string {
  const wanted = slug(text);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? wanted : `${wanted.slice(0, LONGEST - 4)}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** So many pairs are named. */
const NAMED = 5;

/** Pairs of steps in a sentence, the first of them by name. */
export function listed(pairs: readonly string[]): string {
  return pairs.slice(0, NAMED).join(', ') + (pairs.length > NAMED ? ` and ${pairs.length - NAMED} other pairs` : '');
}

/** Targets as they are written. */
import type * as v from 'valibot';
import { parseUrl } from '../target.js';
import { checked, either, fields, isMapping, mapped, named, oneOrMany, optional, required, scalar } from './field.js';
import { choice, count, duration, HOUR, text } from './values.js';

/** As in RFC 9110: a token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** No line break may get in, or it would end the header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4000}$/;
/** The generator's own, or what would change where a request ends. */
const OWN_HEADERS = new Set(['content-length', 'transfer-encoding', 'connection', 'x-request']);
const PATH = /^\/[\x21-\x7e]*$/;

const url = scalar(
  'a URL of http or https, such as http://127.0.0.1:3000/orders',
  { type: 'string', pattern: '^https?://|\\$\\{' },
  // What comes from the environment is looked at when it is there.
  (input) => (typeof input === 'string' && (parseUrl(input) || input.includes('${')) ? input : undefined),
);
const headerName = scalar(
  `the name of a header, and none of ${[...OWN_HEADERS].join(', ')}`,
  { type: 'string', pattern: HEADER_NAME.source },
  (input) => (typeof input === 'string' && HEADER_NAME.test(input) && !OWN_HEADERS.has(input.toLowerCase()) ? input : undefined),
);
/** Whether a text may stand behind the name of a header. */
export function isHeaderValue(value: string): boolean {
  return HEADER_VALUE.test(value);
}

const environmentName = scalar(
  'the name of an environment variable, such as SHOP_TOKEN',
  { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
  (input) => (typeof input === 'string' && /^[A-Za-z_]\w*$/.test(input) ? input : undefined),
);
const fromEnvironment = fields('a value from the environment', { env: required(environmentName, 'Environment variable that holds it') });
// It is looked at when it is there, and not told to be wrong by telling it: it may be a secret.
const plainValue = scalar<string>('a text, or {env: NAME}', { type: 'string' }, (input) => (typeof input === 'string' ? input : undefined));
const headerValue = either<string | { env: string }>([plainValue, fromEnvironment], (input) => (isMapping(input) ? fromEnvironment : plainValue));
const plainBody = text(1_000_000);
const fromFile = fields('a body from a file', { file: required(text(400), 'Its path, which counts from the scenario file') });
const body = either<string | { file: string } | { env: string }>([plainBody, fromFile, fromEnvironment], (input) => {
  if (!isMapping(input)) return plainBody;
  return 'env' in input ? fromEnvironment : fromFile;
});
const ready = scalar(
  'a path such as /health',
  { type: 'string', pattern: PATH.source },
  (input) => (typeof input === 'string' && PATH.test(input) ? input : undefined),
);

const expectation = fields('what is expected', {
  status: optional(oneOrMany('HTTP statuses', count(200, 599), 1, 100), 'Good statuses; any 2xx without it'),
  body: optional(text(10_000), 'A text that the body must contain; {{index}} is replaced'),
});

const counter = checked(
  fields('where the server tells its count', {
    url: optional(url, 'A URL that answers with the number of requests received so far, alone or as `received` of JSON'),
    header: optional(headerName, 'A header of its answers with the number of requests received so far'),
  }),
  'expected either url or header',
  (it) => (it.url === undefined) !== (it.header === undefined),
);

/** What is asked, wherever it is. */
const asked = {
  url: required(url, 'What is called; {{index}} and {{uuid}} in path and query are replaced, ${NAME} by the environment'),
  method: optional(choice('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'), 'HTTP method'),
  headers: optional(named('headers by name', headerName, headerValue, 100), 'Sent with every request; {{index}}, {{uuid}} and ${NAME} are replaced'),
  body: optional(body, 'Request body, or the file that holds it; {{index}}, {{uuid}} and ${NAME} are replaced'),
  expect: optional(expectation, 'What a good answer is'),
};

/** A real service as it is written. */
export const endpoint = fields('a real service', asked);
export type EndpointDraft = v.InferOutput<typeof endpoint>;

const bareTarget = mapped(url, (value) => ({ url: value }));
const fullTarget = fields('a target', {
  ...asked,
  command: optional(text(4000), 'Shell command that starts the server, in the current directory'),
  ready: optional(ready, 'Path that answers with a status below 500 once the server serves; its open port without it'),
  startup: optional(duration(100, HOUR), 'Longest wait until it serves'),
  received: optional(counter, 'Where the server tells how many requests it has received'),
});

/** A target as it is written; a URL is short for `{ url: URL }`. */
export type TargetDraft = v.InferOutput<typeof fullTarget>;
export const target = either<TargetDraft>([bareTarget, fullTarget], (input) =>
  typeof input === 'string' ? bareTarget : fullTarget,
);

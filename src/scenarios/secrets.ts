/** A scenario as it may be saved and shown. */
import { markedSecret, Secret, type Text } from '../base/secret.js';
import { maskUrls } from '../base/urls.js';
import type { Scenario, Service } from './scenario.js';
import type { Endpoint, Target } from './target.js';

/** Values in front of a command, `TOKEN=... node server.js`. */
const ASSIGNMENT = /(^|[\s;&|(])([A-Za-z_]\w*=)("[^"]*"|'[^']*'|[^\s;&|]+)/g;
/** Options named like a secret, `--token ...`. */
const OPTION = /(\s--?[\w-]*(?:token|secret|passw(?:or)?d|key|credential)[\w-]*[= ])\S+/gi;

/** Headers that let nobody in, and are worth reading in a record. */
const OPEN_HEADERS = new Set([
  'accept', 'accept-encoding', 'accept-language', 'cache-control', 'content-encoding', 'content-language', 'content-type', 'host', 'user-agent',
]);
/** `${TOKEN}`, or `Bearer ${TOKEN}`: where a value comes from may be told. */
const SOURCE = /^([A-Za-z]{1,20} )?\$\{[A-Za-z_]\w*\}$/;
/** What a secret was replaced by already. */
const STAND_IN = /^\*\*\*( \(sha256 [0-9a-f]{4}\.\.\.\))?$/;

/** Headers that say who asks. All others say what is asked: theirs can be told from each other, if not read. */
const CREDENTIALS = /auth|cookie|token|secret|passw|key|credential|session|signature/i;

/** A header's value as it may be kept: plain where it is no secret, marked where it may be one of the question. @param source the value as it was written */
export function headerSecret(name: string, value: string, source = value): Text {
  if (STAND_IN.test(value) || (OPEN_HEADERS.has(name.toLowerCase()) && value === source)) return value;
  if (SOURCE.test(source)) return new Secret(value, source);
  return CREDENTIALS.test(name) ? new Secret(value) : markedSecret(value, source);
}

/** A body, or a text expected in one, as it may be kept. @param source the text as it was written */
export function bodySecret(value: string, source = value): Text {
  return value === '' || STAND_IN.test(value) ? value : markedSecret(value, source);
}

/** The scenario with everything that lets anybody in replaced by what stands in for it; the same again changes nothing. */
export function withoutSecrets(scenario: Scenario): Scenario {
  // Records are older than targets.
  const targets = ((scenario.targets as Target[] | undefined) ?? []).map(openTarget);
  const open = <T extends Pick<Scenario, 'services'>>(it: T): T => ({ ...it, services: it.services.map(openService) });
  return { ...open(scenario), variants: scenario.variants.map(open), targets };
}

/** The command without what it is told in confidence. */
export function openCommand(command: string): string {
  return maskUrls(command.replace(ASSIGNMENT, '$1$2***').replace(OPTION, '$1***'));
}

function openService(service: Service): Service {
  return service.endpoint ? { ...service, endpoint: openEndpoint(service.endpoint) } : service;
}

function openTarget({ received, command, ...rest }: Target): Target {
  return {
    ...openEndpoint(rest),
    received: received && 'url' in received ? { url: openUrl(received.url) } : received,
    command: command === null ? null : openCommand(command),
  };
}

function openEndpoint<T extends Endpoint>({ url, headers, body, expect, ...rest }: T): T {
  const opened = (value: Text, secret: (plain: string) => Text): string => String(typeof value === 'string' ? secret(value) : value);
  return {
    ...rest,
    url: openUrl(url),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, opened(value, (plain) => headerSecret(name, plain))])),
    body: opened(body, bodySecret),
    expect: { ...expect, body: expect.body === null ? null : opened(expect.body, bodySecret) },
  } as T;
}

function openUrl(url: Text): string {
  return maskUrls(String(url));
}

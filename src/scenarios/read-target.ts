/** From a target as it is written to one that can be loaded: what the environment and other files say is read into it. */
import { messageOf } from '../base/errors.js';
import { Secret, type Text } from '../base/secret.js';
import { maskUrls } from '../base/urls.js';
import { isHeaderValue, type EndpointDraft, type TargetDraft } from './format/target.js';
import { expanded, placeholderMistake, PLACEHOLDERS, type Placeholder } from './placeholders.js';
import { describe, printable, type Path } from './problem.js';
import { resolveTarget } from './resolve.js';
import { bodySecret, headerSecret } from './secrets.js';
import { parseUrl, type Counter, type Endpoint, type Target } from './target.js';

/** Where values come from that do not stand in the file. */
export interface Sources {
  env?: Readonly<Record<string, string | undefined>>;
  /** The text of a file whose path counts from the scenario file. @throws when it cannot be read */
  readFile?: (path: string) => string;
}

/** One mistake; its path counts from the target. */
export interface TargetMistake {
  path: Path;
  message: string;
}

/** Reads where a real service is; with mistakes it is not fit to be called. */
export function readEndpoint(draft: EndpointDraft, sources: Sources): { endpoint: Endpoint; mistakes: TargetMistake[] } {
  const { target, mistakes } = readTarget('', draft, sources);
  const { url, method, headers, body, expect } = target;
  return { endpoint: { url, method, headers, body, expect }, mistakes };
}

/** Reads a target; with mistakes it is not fit to be loaded. */
export function readTarget(name: string, draft: TargetDraft, sources: Sources): { target: Target; mistakes: TargetMistake[] } {
  const reader = new Reader(sources);
  const { url, headers, body, expect, received, ...rest } = draft;
  const target = resolveTarget(name, {
    ...rest,
    url: reader.url(url, ['url']),
    headers: new Map([...(headers ?? [])].map(([header, value]) => [header, reader.header(header, value)])),
    ...(body === undefined ? {} : { body: reader.body(body) }),
    expect: { status: expect?.status ?? [], body: expect?.body === undefined ? null : reader.expected(expect.body) },
    received: received === undefined ? null : reader.counter(received),
  });
  return { target, mistakes: reader.mistakes };
}

class Reader {
  readonly mistakes: TargetMistake[] = [];
  private readonly sources: Sources;

  constructor(sources: Sources) {
    this.sources = sources;
  }

  /** What the environment says of the host is no secret; what it says behind that may be one. */
  url(written: string, path: Path): Text {
    this.checkPlaceholders(written, path);
    const place = /^([a-z]+:\/\/|\$\{\w+\})[^/?#]*/i.exec(written)?.[0] ?? written;
    const text = this.expand(written, path);
    if (!parseUrl(text)) this.complain(path, 'expected a URL of http or https, such as http://127.0.0.1:3000/orders');
    const shown = maskUrls(expanded(place, this.env).text + written.slice(place.length));
    return shown === text ? text : new Secret(text, shown);
  }

  header(name: string, written: string | { env: string }): Text {
    const path = ['headers', name];
    const source = sourceOf(written);
    this.checkPlaceholders(source, path);
    const value = this.expand(source, path);
    if (!isHeaderValue(value)) this.complain(path, 'expected the value of a header, in one line of Latin letters');
    return headerSecret(name, value, source);
  }

  body(written: string | { file: string } | { env: string }): Text {
    if (typeof written !== 'string' && 'file' in written) return this.bodyOf(written.file);
    return this.text(sourceOf(written), ['body']);
  }

  expected(written: string): Text {
    const path = ['expect', 'body'];
    this.checkPlaceholders(written, path, ['index']);
    return bodySecret(this.expand(written, path), written);
  }

  counter({ url, header }: { url?: string; header?: string }): Counter | null {
    if (url !== undefined) return { url: this.url(url, ['received', 'url']) };
    return header === undefined ? null : { header };
  }

  private bodyOf(file: string): Text {
    const path = ['body', 'file'];
    try {
      if (!this.sources.readFile) throw new Error('there are no files here');
      const text = this.sources.readFile(file);
      if (text.includes('\uFFFD')) throw new Error('it is no text');
      return this.text(text, path, describe(file));
    } catch (error) {
      this.complain(path, `cannot use ${describe(file)}: ${printable(messageOf(error))}`);
      return '';
    }
  }

  /** @param file where it stands, if not in the scenario */
  private text(source: string, path: Path, file?: string): Text {
    this.checkPlaceholders(source, path, PLACEHOLDERS, file);
    const value = this.expand(source, path);
    return bodySecret(value, source);
  }

  private get env() {
    return this.sources.env ?? {};
  }

  private expand(written: string, path: Path): string {
    const { text, mistake } = expanded(written, this.env);
    if (mistake) this.complain(path, mistake);
    return text;
  }

  private checkPlaceholders(written: string, path: Path, known: readonly Placeholder[] = PLACEHOLDERS, file?: string): void {
    const mistake = placeholderMistake(written, known);
    if (!mistake) return;
    const where = file !== undefined || written.includes('\n') ? `${file ?? ''} ${positionOf(written, mistake.at)}: `.trimStart() : '';
    this.complain(path, where + mistake.message);
  }

  private complain(path: Path, message: string): void {
    if (!this.mistakes.some((known) => known.message === message)) this.mistakes.push({ path, message });
  }
}

function sourceOf(written: string | { env: string }): string {
  return typeof written === 'string' ? written : `\${${written.env}}`;
}

function positionOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

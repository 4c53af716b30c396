/** A server of one's own, measured under a name beside the architectures. */
import { reveal, type Text } from '../base/secret.js';


/** What a good answer to a request is. */
export interface Expectation {
  /** HTTP statuses that are good; none is any 2xx. A redirect is never followed, and good only when it stands here. */
  status: readonly number[];
  /** A text that the body must contain, `{{index}}` replaced; null: whatever it says. */
  body: Text | null;
}

/** Where a server tells how many requests it has received so far: at a URL, or in a header of its answers. */
export type Counter = { url: Text } | { header: string };

/** Where something is, and what is asked of it. */
export interface Endpoint {
  /** `{{index}}` and `{{uuid}}` in its path and query are replaced. */
  url: Text;
  method: string;
  /** `{{index}}` and `{{uuid}}` are replaced. */
  headers: Record<string, Text>;
  /** Request body; empty is none. `{{index}}` and `{{uuid}}` are replaced. */
  body: Text;
  expect: Expectation;
}

/** A server of one's own: where it is, what is asked of it, and how it is started. */
export interface Target extends Endpoint {
  name: string;
  /** Shell command that starts it, in the current directory; null: it is running already. */
  command: string | null;
  /** Path that answers with any status below 500 once it serves; null: it serves when its port is open. */
  ready: string | null;
  /** Longest wait until it serves, ms. */
  startup: number;
  /** Without it nobody knows what the server itself saw. */
  received: Counter | null;
}

/** What a target's description leaves out. */
export const TARGET_DEFAULTS = {
  // Asking twice must not order twice: whoever wants to write says so.
  method: 'GET',
  headers: {},
  body: '',
  expect: { status: [], body: null },
  command: null,
  ready: null,
  startup: 30_000,
  received: null,
} as const satisfies Omit<Target, 'name' | 'url'>;

/** The URL when it is one that can be loaded; undefined for other than http and https. */
export function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}

/** Whether a URL leads to this machine and to nowhere else; 0.0.0.0 and [::] are this machine to whoever connects to them. */
export function isLoopback(url: Text): boolean {
  const { hostname } = new URL(reveal(url));
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}

/** Addresses as they may be printed and saved: without what lets anybody in. */

/** User and password before the host, up to the last `@` in front of it: a password may hold one that nobody escaped. */
const USER_INFO = /:\/\/([^\s/?#]*)@/g;
/** A password with a `/`, `?` or `#` that nobody escaped; what begins with a port and a path is none. */
const UNESCAPED = /:\/\/([^\s/?#@:[]*):(?!\d{0,5}[/?#])[^\s"'@]*[/?#][^\s"']*@/g;
/** Parameters that are named like a secret; what ends a sentence behind one is none of it, and `${TOKEN}` says where one comes from. */
const SECRET_NAME = /[\w.-]*(?:passw(?:or)?d|passphrase|pwd|token|secret|credential|signature|jwt|bearer|session|(?:api|access)[-_]?key)[\w.-]*|(?:[\w.-]*[-_.])?key|auth|sig|sid|pass|pw/.source;
const SECRET_PARAMETER = new RegExp(`([?&;#](?:${SECRET_NAME})=)(?!\\$\\{[A-Za-z_]\\w*\\}(?:[&;#\\s"']|$))[^&;#\\s"']+?(?=[:.,)]*(?:[&;#\\s"']|$))`, 'gi');

/**
 * The text with the secrets of every URL in it masked: `http://me:***@host` for a user with a password, `http://***@host`
 * for a token alone, `?token=***` for a parameter.
 */
export function maskUrls(text: string): string {
  return text
    .replace(UNESCAPED, (_, user: string) => `://${user}:***@`)
    .replace(USER_INFO, (_, userInfo: string) => `://${maskUserInfo(userInfo)}@`)
    .replace(SECRET_PARAMETER, '$1***');
}

/** A name without a password is a token. */
function maskUserInfo(userInfo: string): string {
  const colon = userInfo.indexOf(':');
  return colon < 0 || colon === userInfo.length - 1 ? '***' : `${userInfo.slice(0, colon)}:***`;
}

/** An address of a machine as URLs have it: `[::1]` for `::1`. */
export function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** A part of a URL as it was meant: a `%` that nobody escaped is one. */
export function decoded(part: string): string {
  return part.replaceAll(/(%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}

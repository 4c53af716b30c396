/** An operator of NATS with one account and one user in it, as `nsc` makes them: what the server is told, and the user's credentials. */
import { nkeys } from '@nats-io/transport-node';

type Key = ReturnType<typeof nkeys.createUser>;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims about one key, signed by another: a JWT with the algorithm that NATS gave a name of its own. */
function jwt(of: Key, by: Key, nats: object): string {
  const claims = { jti: of.getPublicKey(), iat: 1, iss: by.getPublicKey(), sub: of.getPublicKey(), name: 'test', nats: { version: 2, ...nats } };
  const signed = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(claims)}`;
  return `${signed}.${Buffer.from(by.sign(new TextEncoder().encode(signed))).toString('base64url')}`;
}

const section = (name: string, content: string): string => `-----BEGIN ${name}-----\n${content}\n------END ${name}------\n`;

/** Lines of the server's configuration, and the content of a credentials file. */
export function natsAccounts(): { settings: string; credentials: string } {
  const [operator, system, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount(), nkeys.createUser()];
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const known = [
    [system, jwt(system, operator, { type: 'account', limits: { ...limits, mem_storage: 0, disk_storage: 0 } })],
    [account, jwt(account, operator, { type: 'account', limits })],
  ] as const;
  const settings = [
    `operator: ${jwt(operator, operator, { type: 'operator', system_account: system.getPublicKey() })}`,
    `system_account: ${system.getPublicKey()}`,
    'resolver: MEMORY',
    `resolver_preload { ${known.map(([key, token]) => `${key.getPublicKey()}: ${token}`).join('\n')} }`,
  ].join('\n');
  const token = jwt(user, account, { type: 'user', subs: -1, data: -1, payload: -1 });
  return { settings, credentials: `${section('NATS USER JWT', token)}\n${section('USER NKEY SEED', text(user.getSeed()))}` };
}

/** A pair of keys: what the server knows of a user, and the file that he keeps. */
export function natsKey(): { known: string; seed: string } {
  const user = nkeys.createUser();
  return { known: user.getPublicKey(), seed: `${text(user.getSeed())}\n` };
}

import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { HallpassError } from '../../errors.ts';
import { isPublicAddress } from '../public-address.ts';

/**
 * The guard refused an address: nothing was connected to. Code `address-refused`.
 * @example
 * ```ts
 * import { createClient, NetworkError } from 'hallpass/client';
 * import { undiciTransport } from 'hallpass/client/undici';
 *
 * const client = createClient({ transport: undiciTransport({ guard: true }) });
 * const error = await client.get('http://127.0.0.1:9/').catch((failure) => failure);
 * console.log(error instanceof NetworkError, error.code); // → true address-refused
 * ```
 */
export class AddressRefusedError extends HallpassError {
  constructor(host: string, address: string) {
    const where = host === address ? address : `${host}, which is ${address}`;
    super('address-refused', `The guard refused to connect to ${where}: not a public address.`);
  }
}

/** Resolves a name to its public addresses only: what is judged is what is connected to. */
const lookup: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, [], 0);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (first === undefined)
      return done(new AddressRefusedError(host, addresses[0]?.address ?? 'no address'), [], 0);
    if (options.all === true) done(null, open);
    else done(null, first.address, first.family);
  });
};

/** A connector that refuses every address that is not public, after the name was resolved. */
export function guarded(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup } as buildConnector.BuildOptions);
  return (to, done) => {
    const host = to.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) done(new AddressRefusedError(host, host), null);
    else connect(to, done);
  };
}

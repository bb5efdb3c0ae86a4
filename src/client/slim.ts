import { type Client, newClient } from './client.ts';
import type { ClientDefaults, ClientOptions } from './options.ts';

export * from './exports.ts';

const defaults: ClientDefaults = { jar: () => undefined, suffixes: undefined };

/**
 * Makes a client without cookies and without the Public Suffix List, for bundles that count octets. All else is as in
 * `hallpass/client`, but a jar must be given where cookies are wanted (`hallpass/jar` brings the list along), and of scopes
 * only those over a top-level domain are refused: `https://*.com` is, `https://*.co.uk` is not.
 * @throws TypeError for options that cannot be meant.
 * @example
 * ```ts
 * import { bearer, createClient } from 'hallpass/client/slim';
 *
 * const client = createClient({
 *   credentials: bearer('a-token', { for: 'https://api.example.com' }),
 *   transport: async ({ headers }) => new Response(`${headers.get('authorization')}, ${headers.get('cookie')}`),
 * });
 * console.log(await client.get('https://api.example.com/').text()); // → Bearer a-token, null
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  return newClient(options, defaults);
}

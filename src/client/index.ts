import { CookieJar, publicSuffixes } from '../jar/index.ts';
import { type Client, newClient } from './client.ts';
import type { ClientDefaults, ClientOptions } from './options.ts';

export * from './exports.ts';

const defaults: ClientDefaults = { jar: (clock) => new CookieJar({ clock }), suffixes: publicSuffixes };

/**
 * Makes a client.
 * @throws TypeError for options that cannot be meant.
 * @example
 * ```ts
 * import { bearer, createClient } from 'hallpass/client';
 *
 * const client = createClient({
 *   baseUrl: 'https://api.example.com/v1/',
 *   credentials: bearer('a-token'),
 *   transport: async ({ url, headers }) => Response.json({ url, who: headers.get('authorization') }),
 * });
 * console.log(await client.get('users').text()); // → {"url":"https://api.example.com/v1/users","who":"Bearer a-token"}
 * ```
 */
export function createClient(options: ClientOptions = {}): Client {
  return newClient(options, defaults);
}

import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import axios from 'axios';
import { wrapper } from 'axios-cookiejar-support';
import makeFetchCookie from 'fetch-cookie';
import got from 'got';
import { bearer, createClient } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { cookie } from 'http-cookie-agent/undici';
import { CookieJar as ToughJar } from 'tough-cookie';
import { interceptors, request, setGlobalDispatcher } from 'undici';
import type { World } from '../../conformance/graphs/world.ts';
import { versionOf } from '../shared/peers.ts';

/** The same class, of the package's other half. */
type AgentJar = Parameters<typeof cookie>[0]['jar'];

/** A client that follows redirects, as its manual says: headers for the call, a jar where it has one. */
export interface Walker {
  readonly name: string;
  /** Walks with a fresh jar; rejects when the client gives up. */
  walk(url: string, headers: Record<string, string>): Promise<unknown>;
}

/** Lets every client of this process reach the world: global fetch by its dispatcher, all else by the agents of Node. */
export function leadInto(world: World): void {
  setGlobalDispatcher(world.dispatcher);
  const routed = (scheme: string) => (options: { host?: string; port?: number | string }) => {
    const { port, servername } = world.route(scheme, options.host ?? '', options.port ?? '');
    const loopback = { ...options, host: '127.0.0.1', port };
    if (scheme === 'http') return connect(loopback);
    return connectSecurely({ ...loopback, ca: world.certificate, servername: servername ?? '' });
  };
  Object.assign(PlainAgent.prototype, { createConnection: routed('http') });
  Object.assign(SecureAgent.prototype, { createConnection: routed('https') });
}

/** Every client, by the versions that are installed. */
export function walkers(world: World): Walker[] {
  const undici = undiciTransport({ dispatcher: world.dispatcher });
  return [
    {
      name: `${versionOf('hallpass')}, headers of the call`,
      walk: async (url, headers) => (await createClient().fetch(url, { headers })).text(),
    },
    {
      name: `${versionOf('hallpass')}, undici transport, bearer()`,
      walk: async (url, { authorization = '', ...headers }) => {
        const token = authorization.replace('Bearer ', '');
        const client = createClient({ transport: undici, credentials: bearer(token, { for: new URL(url) }) });
        return (await client.fetch(url, { headers })).text();
      },
    },
    {
      name: `fetch of Node ${process.versions.node}`,
      walk: async (url, headers) => (await fetch(url, { headers, redirect: 'follow' })).text(),
    },
    {
      name: versionOf('fetch-cookie'),
      walk: async (url, headers) => (await makeFetchCookie(fetch, new ToughJar())(url, { headers })).text(),
    },
    {
      name: `${versionOf('undici')} + ${versionOf('http-cookie-agent')}`,
      walk: async (url, headers) => {
        const dispatcher = world.dispatcher.compose(
          interceptors.redirect({ maxRedirections: 20 }),
          cookie({ jar: new ToughJar() as unknown as AgentJar }),
        );
        return (await request(url, { dispatcher, headers })).body.text();
      },
    },
    {
      name: `${versionOf('got')} + ${versionOf('tough-cookie')}`,
      walk: (url, headers) =>
        got(url, {
          headers,
          cookieJar: new ToughJar(),
          ignoreInvalidCookies: true,
          retry: { limit: 0 },
          throwHttpErrors: false,
        }),
    },
    {
      name: `${versionOf('axios')} + ${versionOf('axios-cookiejar-support')}`,
      walk: (url, headers) =>
        wrapper(axios.create({ jar: new ToughJar() })).get(url, {
          headers,
          proxy: false,
          validateStatus: () => true,
        }),
    },
  ];
}

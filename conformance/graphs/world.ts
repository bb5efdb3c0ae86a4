import { once } from 'node:events';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import { Agent, buildConnector } from 'undici';
import { selfSignedCertificate } from '../../src/testing/lab/certificate.ts';
import { type Graph, locationOf, type Node, type PlantedCookie, turns } from './graph.ts';
import { addressOf, type Place, places } from './places.ts';
import { secretValue } from './secrets.ts';

/** One request as it arrived. */
export interface Arrival {
  /** The node of the graph; -1 for a request that no node was meant to get. */
  readonly node: number;
  readonly method: string;
  /** All that was in it: target, headers, body. */
  readonly raw: string;
}

/** Where a connection to a host goes on this machine. */
export interface Route {
  readonly port: number;
  /** For SNI and the certificate; absent for an address, which has none. */
  readonly servername: string | undefined;
}

/** A server for each place, all on loopback, that play one graph at a time. */
export interface World extends AsyncDisposable {
  /** What clients trust, PEM. */
  readonly certificate: string;
  /** The way to a place. @throws Error for a host that is none of the places: nothing leaves the machine. */
  route(scheme: string, host: string, port: string | number): Route;
  /** Goes by these routes: a dispatcher for undici, and for global fetch. */
  readonly dispatcher: Agent;
  /** Plays this graph from now on; what arrives is put into the list. `arrived` is called before it is answered. */
  play(graph: Pick<Graph, 'nodes'>, arrived?: (request: number) => void): Arrival[];
}

export async function startWorld(): Promise<World> {
  const hosts = [...new Set(places.map(({ host }) => host.replace(/\.$/, '')))];
  const identity = selfSignedCertificate(hosts.filter((host) => !host.startsWith('[')));
  const options = { cert: identity.certificate, key: identity.key, keepAliveTimeout: 0 };
  let stage: Stage = { nodes: [], visits: [], refused: new Set(), arrivals: [], arrived() {} };

  const ports = new Map<string, number>();
  const servers = await Promise.all(
    places.map(async (place) => {
      const listener = (request: IncomingMessage, response: ServerResponse) =>
        void perform(stage, place, request, response).catch(() => response.destroy());
      const secure = place.scheme === 'https';
      const server = secure ? createSecure(options, listener) : createPlain(options, listener);
      await once(server.listen(0, '127.0.0.1'), 'listening');
      ports.set(addressOf(place), (server.address() as AddressInfo).port);
      return server;
    }),
  );

  const route: World['route'] = (scheme, host, port) => {
    const bare = host.replace(/^\[|\]$/g, '');
    const name = isIP(bare) === 6 ? `[${bare}]` : bare;
    const found = ports.get(`${scheme}://${name}:${port || (scheme === 'https' ? 443 : 80)}`);
    if (found === undefined) throw new Error(`No such place: ${scheme}://${name}:${port}`);
    return { port: found, servername: isIP(bare) === 0 ? bare.replace(/\.$/, '') : undefined };
  };
  const dispatcher = routed(route, identity.certificate);
  return {
    certificate: identity.certificate,
    route,
    dispatcher,
    play({ nodes }, arrived = () => {}) {
      stage = { nodes, visits: nodes.map(() => 0), refused: new Set(), arrivals: [], arrived };
      return stage.arrivals;
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}

function routed(route: World['route'], ca: string): Agent {
  const connect = buildConnector({ ca });
  return new Agent({
    connect({ protocol, hostname, port, ...rest }, done) {
      try {
        const to = route(protocol.slice(0, -1), hostname, port);
        const { servername } = to;
        const loopback = { ...rest, protocol, hostname: '127.0.0.1', port: String(to.port) };
        connect(servername === undefined ? loopback : { ...loopback, servername }, done);
      } catch (error) {
        done(error as Error, null);
      }
    },
  });
}

interface Stage {
  readonly nodes: readonly Node[];
  readonly visits: number[];
  /** The nodes that have refused a request. */
  readonly refused: Set<number>;
  readonly arrivals: Arrival[];
  arrived(request: number): void;
}

async function perform(
  { nodes, visits, refused, arrivals, arrived }: Stage,
  place: Place,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '', rawHeaders } = request;
  const body = await text(request);
  const [path = '', search] = url.split(/(?=\?)/, 2);
  const at = nodes.findIndex((node) => node.place === place && node.path === path);
  arrivals.push({ node: at, method, raw: [method, url, ...rawHeaders, body].join('\n') });

  arrived(arrivals.length - 1);
  const node = nodes[at];
  if (node === undefined) return void response.writeHead(404).end();
  response.setHeader('set-cookie', node.cookies.map(setCookieLine));
  if (node.refuses && !refused.has(at)) {
    refused.add(at);
    return void response.writeHead(401).end();
  }
  const turn = (visits[at] ?? 0) + 1;
  visits[at] = turn;
  const target = nodes[node.to];
  if (target === undefined || turn > turns)
    return void response.end(method === 'HEAD' ? undefined : 'arrived');
  const location = Buffer.from(locationOf(node, target, search ?? ''), 'utf8').toString('latin1');
  response.writeHead(node.status, { location }).end();
}

function setCookieLine(cookie: PlantedCookie): string {
  const { name, marker, domain, path, secure, httpOnly, sameSite, maxAge } = cookie;
  return [
    `${name}=${secretValue(marker)}`,
    domain !== undefined && `Domain=${domain}`,
    path !== undefined && `Path=${path}`,
    secure && 'Secure',
    httpOnly && 'HttpOnly',
    sameSite && `SameSite=${sameSite}`,
    maxAge !== undefined && `Max-Age=${maxAge}`,
  ]
    .filter(Boolean)
    .join('; ');
}

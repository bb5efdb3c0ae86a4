import fc from 'fast-check';
import { spellings } from './location.ts';
import { originOf, type Place, places } from './places.ts';
import { markersIn, type Secrets, secretsAbout, secretValue } from './secrets.ts';

/** A cookie as an answer sets it; its value is its marker. */
export interface PlantedCookie {
  readonly name: string;
  readonly domain: string | undefined;
  readonly path: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Strict' | 'Lax' | 'None' | undefined;
  /** 0 deletes it. */
  readonly maxAge: 0 | 3600 | undefined;
  readonly marker: number;
}

export type Echo = 'nothing' | 'as it is' | 'escaped' | 'escaped twice';

/** One resource of a graph: where it is, and what it answers. */
export interface Node {
  readonly place: Place;
  readonly path: string;
  readonly status: number;
  /** The node that its Location leads to; beyond the last one it answers 200. */
  readonly to: number;
  readonly spelling: string;
  /** How the Location repeats the query that the request came with: as it is, or the secrets in it, escaped once or twice. */
  readonly echoes: Echo;
  /** True: its first answer in a call is a 401, whatever came. */
  readonly refuses: boolean;
  readonly cookies: readonly PlantedCookie[];
}

/** Resources that redirect to each other, one of them the start, and a call with secrets. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly method: string;
  readonly secrets: Secrets;
  /** The request on whose arrival the caller gives the call up. */
  readonly abortAt: number | undefined;
  /** True: every answer is cloned, and the clone read. */
  readonly clones: boolean;
}

/** How often a node redirects before it answers 200, so that no circle is endless. */
export const turns = 2;

/** The start of a graph. */
export const startOf = ({ nodes: [start] }: Graph): string =>
  start === undefined ? '' : `${originOf(start.place)}${start.path}`;

/** The Location that a node sends for a request that came with `search`. */
export function locationOf(node: Node, target: Node, search: string): string {
  const { place: to, path } = target;
  const query = queryOf(node.echoes, search);
  return spellings[node.spelling]?.({ to, path: path + query, from: node.place }) ?? '';
}

function queryOf(echo: Echo, search: string): string {
  if (echo === 'nothing') return '';
  if (echo === 'as it is') return search;
  const secrets = [...markersIn(search)].map(secretValue);
  if (secrets.length === 0) return '';
  const once = Array.from(secrets.join(), (sign) => `%${sign.charCodeAt(0).toString(16)}`).join('');
  return `?next=${echo === 'escaped' ? once : once.replaceAll('%', '%25')}`;
}

const methods = ['GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'DELETE'];

const cookie = fc.record({
  name: fc.constantFrom('c0', 'c0', 'c0', 'c1', '__Secure-c', '__Host-c'),
  domain: fc.constantFrom(
    undefined,
    undefined,
    '',
    'example.test',
    'example.test',
    'example.test',
    'example.test',
    '.a.example.test',
    'EXAMPLE.test',
    'example.test.',
    'other.test',
    'test',
    'github.io',
    '127.0.0.1',
    '0.0.1',
  ),
  path: fc.constantFrom(undefined, '/', '/', '/', '/p', '/p/', '/p/x', '/q', 'p'),
  secure: fc.boolean(),
  httpOnly: fc.boolean(),
  sameSite: fc.constantFrom(undefined, undefined, 'Strict' as const, 'Lax' as const, 'None' as const),
  maxAge: fc.constantFrom(undefined, undefined, 3600 as const, 0 as const),
});

const node = fc.record({
  at: fc.nat({ max: 4 }),
  directory: fc.constantFrom('/', '/p/', '/p/x/', '/px/', '/q/'),
  status: fc.constantFrom(301, 302, 303, 307, 308),
  jump: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 6 },
    { arbitrary: fc.nat({ max: 8 }), weight: 1 },
  ),
  spelling: fc.constantFrom(...Object.keys(spellings)),
  echoes: fc.constantFrom<Echo>('nothing', 'nothing', 'as it is', 'as it is', 'escaped', 'escaped twice'),
  refuses: fc.oneof(
    { arbitrary: fc.constant(false), weight: 6 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
  cookies: fc.array(cookie, { maxLength: 3 }),
});

/** A few places, met again and again, and secrets that are scoped to them or near them. */
export const graphs: fc.Arbitrary<Graph> = fc
  .uniqueArray(fc.nat({ max: places.length - 1 }), { minLength: 2, maxLength: 5 })
  .chain((ids) => {
    const near = ids.map((id) => places[id] as Place);
    return fc
      .record({
        nodes: fc.array(node, { minLength: 2, maxLength: 8, size: 'max' }),
        method: fc.constantFrom(...methods),
        secrets: secretsAbout(near),
        abortAt: fc.oneof(
          { arbitrary: fc.constant(undefined), weight: 7 },
          { arbitrary: fc.nat({ max: 4 }), weight: 1 },
        ),
        clones: fc.boolean(),
      })
      .map(({ nodes, ...rest }) => ({
        ...rest,
        nodes: nodes.map(({ at, directory, jump, cookies, ...answer }, index) => ({
          place: near[at % near.length] as Place,
          path: `${directory}n${index}`,
          to: jump ?? index + 1,
          ...answer,
          cookies: cookies.map((one, nth) => ({ ...one, marker: 1000 + index * 10 + nth })),
        })),
      }));
  });

import fc from 'fast-check';
import { type Graph, graphs, startOf } from '../conformance/graphs/graph.ts';
import { leaksIn } from '../conformance/graphs/judge.ts';
import { courseOf } from '../conformance/graphs/oracle.ts';
import { secretValue } from '../conformance/graphs/secrets.ts';
import { startWorld, type World } from '../conformance/graphs/world.ts';
import { leadInto, type Walker, walkers } from './leaks/walkers.ts';
import { checkInputs } from './shared/fair-inputs.ts';

import { record } from './shared/rows.ts';

// How many random graphs of redirects make a client send a secret to a host that it is not for. The graphs and the
// oracle are those of conformance/graphs; the secrets are those that every client can be given.

const kinds = ['Authorization header', 'X-Api-Key header', 'Cookie header', 'jar cookie'] as const;

/** The graph with a plain GET, and with the secrets that are headers of the call. */
function plain(graph: Graph): Graph {
  const { cookies } = graph.secrets;
  const secrets = {
    credentials: [],
    authorization: 100,
    apiKey: 101,
    userinfo: undefined,
    body: undefined,
    cookies,
  };
  const nodes = graph.nodes.map((node) => ({ ...node, refuses: false }));
  return { ...graph, nodes, method: 'GET', secrets, abortAt: undefined };
}

function headersOf({ secrets: { cookies } }: Graph): Record<string, string> {
  const cookie = cookies.map(({ name, marker }) => `${name}=${secretValue(marker)}`).join('; ');
  const headers = { authorization: `Bearer ${secretValue(100)}`, 'x-api-key': secretValue(101) };
  return cookie === '' ? headers : { ...headers, cookie };
}

/** The row of one client: graphs that leaked, in all and by kind, and calls that were answered. */
async function row({ name, walk }: Walker, all: readonly Graph[], world: World): Promise<string> {
  const leaked = new Map<string, number>();
  const count = (what: string) => leaked.set(what, (leaked.get(what) ?? 0) + 1);
  for (const graph of all) {
    const arrivals = world.play(graph);
    await walk(startOf(graph), headersOf(graph)).then(
      () => count('answered'),
      () => count('gave up'),
    );
    const found = new Set(leaksIn(graph, arrivals).map(({ secret }) => secret));
    if (found.size > 0) count('any');
    for (const kind of kinds) if (found.has(kind)) count(kind);
  }
  const times = (what: string) => leaked.get(what) ?? 0;
  if (name.startsWith('hallpass'))
    record({
      what: `a secret where it is not for: ${name}`,
      input: `${all.length} graphs`,
      beside: 'graphs',
      measured: times('any'),
      goal: 0,
    });
  return `| ${[name, ...['any', ...kinds, 'answered'].map(times)].join(' | ')} |`;
}

/** `node bench/leaks.ts [graphs] [seed]` */
const [runs = '1000', seed = '1'] = process.argv.slice(2);
const all = fc.sample(graphs, { numRuns: Number(runs), seed: Number(seed) }).map(plain);
checkInputs({ title: 'redirect graphs', inputs: all });
const leaving = all.filter((graph) => courseOf(graph).requests.some(({ markers }) => !markers.has(100)));
await using world = await startWorld();
leadInto(world);

const leave = `${leaving.length} of which leave the first origin`;
console.log(`## Secrets on redirects

In how many of ${all.length} random redirect graphs, ${leave}, a secret arrived where it is not for:

| client | any secret | ${kinds.join(' | ')} | calls answered |
| --- |${' --- |'.repeat(kinds.length + 2)}`);
for (const walker of walkers(world)) console.log(await row(walker, all, world));
console.log();

import fc from 'fast-check';
import { fetchTransport, type TraceHop } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphs, startOf } from './graph.ts';
import { differences, leaksIn, wrongEnd } from './judge.ts';
import { spellings } from './location.ts';
import { courseOf } from './oracle.ts';
import { walk } from './ours.ts';
import { hostAliases, originOf, places } from './places.ts';
import { bodyMarker, freshMarker, markersIn, secretValue } from './secrets.ts';
import { type Arrival, startWorld, type World } from './world.ts';

/** How many graphs are walked in all: some hundreds at least, or not all that can happen does. */
const count = Number(process.env.HALLPASS_GRAPHS ?? 600);

/** A graph takes 10 ms of a processor. Milliseconds; on a busy machine it waits thirty times as long. */
const patience = 60_000 + count * 150;

const before = getGlobalDispatcher();
let world: World;
beforeAll(async () => {
  world = await startWorld();
  setGlobalDispatcher(world.dispatcher);
});
afterAll(async () => {
  setGlobalDispatcher(before);
  await world[Symbol.asyncDispose]();
});

describe('the graphs', () => {
  const far = places.flatMap((from) => places.map((to) => ({ from, to })));

  it.each(Object.entries(spellings))('spell a Location that leads where it should: %s', (_, spell) => {
    for (const { from, to } of far) {
      const url = new URL(spell({ from, to, path: '/p/n1?k=1' }), `${originOf(from)}/q/n0`);
      expect(`${url.origin}${url.pathname}${url.search}`).toBe(`${originOf(to)}/p/n1?k=1`);
    }
  });

  it('know a host by all its names', () => {
    for (const { host } of places) {
      for (const alias of hostAliases(host)) expect(new URL(`http://${alias}/`).hostname).toBe(host);
    }
  });
});

/** How many secrets went out on a hop: by the trace, and by what arrived. A body is no secret to the trace. */
const allowedOf = ({ secrets }: TraceHop) => secrets.filter(({ verdict }) => verdict.allowed).length;
const sentOf = ({ raw }: Arrival) => [...markersIn(raw)].filter((marker) => marker !== bodyMarker).length;

/** True for the token of a credential that was refreshed. */
const isFresh = (marker: number) => marker >= freshMarker(0) && marker < freshMarker(20);

describe.each([
  ['undici', () => undiciTransport({ dispatcher: world.dispatcher })],
  ['fetch', () => fetchTransport],
] as const)('over %s', (_, transport) => {
  it(
    'S3 S40 no secret arrives outside its scope and none is missing inside, in any graph of redirects',
    async () => {
      const tally = { requests: 0, inside: 0, refreshed: 0, escaped: 0, ends: new Map<string, number>() };
      await fc.assert(
        fc.asyncProperty(graphs, async (graph) => {
          const caller = new AbortController();
          const arrivals = world.play(graph, (request) => request === graph.abortAt && caller.abort());
          const outcome = await walk(graph, transport(), caller.signal);
          const course = courseOf(graph);
          expect(leaksIn(graph, arrivals)).toEqual([]);
          expect(differences(graph, arrivals, course)).toEqual([]);
          expect(wrongEnd(course, arrivals.length, outcome.end)).toBeUndefined();
          expect([...markersIn(outcome.shown)]).toEqual([]);
          expect(outcome.trace.hops.map(allowedOf)).toEqual(arrivals.map(sentOf));

          tally.refreshed += arrivals.filter(({ raw }) => [...markersIn(raw)].some(isFresh)).length;
          tally.escaped += arrivals.filter(({ raw }) => raw.includes('?next=%')).length;
          tally.requests += arrivals.length;
          tally.ends.set(outcome.end, (tally.ends.get(outcome.end) ?? 0) + 1);
          for (const { markers } of course.requests.slice(0, arrivals.length)) tally.inside += markers.size;
        }),
        { numRuns: Math.ceil(count / 2) },
      );
      expect(tally.requests).toBeGreaterThan(count);
      expect(tally.inside).toBeGreaterThan(count);
      expect(tally.refreshed).toBeGreaterThan(count / 50);
      expect(tally.escaped).toBeGreaterThan(count / 50);
      expect([...tally.ends.keys()].sort()).toEqual(['AbortError', 'answer', 'redirect-reflects-secret']);
    },
    patience,
  );
});

it('notices what a client leaks that copies headers from hop to hop', async () => {
  const seen = new Set<string | undefined>();
  for (const graph of fc.sample(graphs, { numRuns: 60, seed: 1 })) {
    const arrivals = world.play(graph);
    const { apiKey } = graph.secrets;
    const headers: HeadersInit = apiKey === undefined ? {} : { 'x-api-key': secretValue(apiKey) };
    const follow = { ...graph, method: 'GET' };
    await fetch(startOf(graph), { headers }).then(
      (response) => response.text(),
      () => '',
    );
    for (const { what, secret } of [
      ...leaksIn(follow, arrivals),
      ...differences(follow, arrivals, courseOf(follow)),
    ])
      seen.add(`${what}: ${secret?.replace(/ \d+ .*/, '')}`);
  }
  for (const noticed of [
    'leak: X-Api-Key header',
    'unexpected: X-Api-Key header',
    'missing: credential',
    'missing: jar cookie',
  ])
    expect(seen).toContain(noticed);
}, 60_000);

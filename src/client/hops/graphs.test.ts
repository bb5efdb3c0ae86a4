import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { apiKey, createClient, traceOf } from '../index.ts';

let origins: string[];
const lab = useLab((all) => {
  origins = Object.values(all);
});

const place = fc.nat({ max: 4 });

/** A chain through the lab's five origins, and secrets with scopes of their own. */
const graph = fc.record({
  hops: fc.array(
    fc.record({
      at: place,
      status: fc.constantFrom(301, 302, 303, 307, 308),
      form: fc.constantFrom('plain', 'capitals', 'user', 'schemeless'),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  scoped: fc.array(fc.record({ for: fc.uniqueArray(place), in: fc.constantFrom('header', 'query') }), {
    maxLength: 4,
  }),
  ofCall: fc.nat({ max: 2 }),
});
type Graph = typeof graph extends fc.Arbitrary<infer Value> ? Value : never;

/** Ways to write one and the same URL in a Location that came from `base`. */
function written(url: string, form: string, base: string): string {
  if (form === 'capitals') return url.replace(/^[^/]+\/\/[^/]+/, (origin) => origin.toUpperCase());
  if (form === 'user') return url.replace('//', '//server:chosen@');
  const scheme = base.slice(0, base.indexOf('/'));
  return form === 'schemeless' && url.startsWith(`${scheme}/`) ? url.slice(scheme.length) : url;
}

/** The URL of the first hop; each one answers with a redirect to the next. */
function urlOf({ hops }: Graph): string {
  return hops.reduceRight((target, { at, status, form }, index) => {
    const base = origins[at] as string;
    if (target === '') return `${base}/headers`;
    const url = encodeURIComponent(written(target, form, base));
    return `${base}/redirect-to?n=${index}&status_code=${status}&url=${url}`;
  }, '');
}

/** The oracle: what has a scope arrives exactly there; what one call wrote arrives until the chain leaves its first origin. */
function expected({ hops, scoped, ofCall }: Graph): string[][] {
  return hops.map(({ at }, index) => {
    const left = hops.slice(0, index + 1).some((hop) => hop.at !== hops[0]?.at);
    return [
      ...scoped.flatMap((secret, number) =>
        secret.for.includes(at) ? [`hp-secret-scoped-${number}-end`] : [],
      ),
      ...Array.from({ length: left ? 0 : ofCall }, (_, number) => `hp-secret-of-call-${number}-end`),
    ].sort();
  });
}

it('S40 no secret arrives outside its scope, and none is missing inside, in any graph of redirects', async () => {
  const arrivals = { inside: 0, outside: 0 };
  await fc.assert(
    fc.asyncProperty(graph, async (graph) => {
      lab.log.length = 0;
      const client = createClient({
        transport: lab.transport,
        credentials: graph.scoped.map((secret, number) =>
          apiKey(`x-scoped-${number}`, `hp-secret-scoped-${number}-end`, {
            for: secret.for.map((at) => origins[at] as string),
            in: secret.in as 'header' | 'query',
          }),
        ),
      });
      const headers = Object.fromEntries(
        Array.from({ length: graph.ofCall }, (_, number) => [
          `x-call-${number}`,
          `hp-secret-of-call-${number}-end`,
        ]),
      );
      const response = await client.fetch(urlOf(graph), { headers });
      const arrived = lab.log.map(
        (request) =>
          JSON.stringify(request)
            .match(/hp-secret-[-\w]+?-end/g)
            ?.sort() ?? [],
      );
      const oracle = expected(graph);
      expect(arrived).toEqual(oracle);

      const sent = traceOf(response).hops.map(
        ({ secrets }) => secrets.filter(({ verdict }) => verdict.allowed).length,
      );
      expect(sent).toEqual(oracle.map((names) => names.length));
      expect(JSON.stringify(traceOf(response))).not.toContain('hp-secret-');
      for (const names of oracle) {
        arrivals.inside += names.length;
        arrivals.outside += graph.scoped.length + graph.ofCall - names.length;
      }
    }),
    { numRuns: 100 },
  );
  expect(arrivals.inside).toBeGreaterThan(50);
  expect(arrivals.outside).toBeGreaterThan(50);
});

import { describe, expect, it } from 'vitest';
import { type PipelineOptions, pipeline } from './index.ts';

type Watcher = NonNullable<PipelineOptions<object, []>['watch']>;
const own = 'https://app.test';

/** Serves with a watcher that writes down what it is told, and throws after it where that is wanted. */
function watched(throws: boolean) {
  const calls: unknown[] = [];
  const note = (...what: unknown[]): undefined => {
    calls.push(what);
    if (throws) throw new Error('a watcher breaks nothing');
  };
  const watch: Watcher = {
    answer: (exchange) => note('answer', exchange.url) ?? undefined,
    begun: (exchange) => note('begun', exchange.method),
    happened: (event) => note('happened', event.type),
    judged: (verdict) => note('judged', verdict.allowed),
    committed: (status) => note('committed', status),
    answered: (head) => note('answered', head.get('x-own')),
  };
  const serve = pipeline({ watch, origins: [own], onEvent: () => {}, onWarning: false })(
    () => new Response('made', { status: 201, headers: { 'x-own': '1' } }),
  );
  const ask = (headers: Record<string, string>) =>
    serve(new Request(`${own}/notes`, { method: 'POST', headers: { cookie: 'a=1', ...headers } }));
  return { calls, ask };
}

describe.each([
  ['that listens', false],
  ['that throws at each call', true],
])('a watcher %s', (_, throws) => {
  it('is told of each step of a request, in its order', async () => {
    const { calls, ask } = watched(throws);
    const answer = await ask({ 'sec-fetch-site': 'same-origin' });
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([201, '1', 'made']);
    expect(calls).toEqual([
      ['answer', `${own}/notes`],
      ['begun', 'POST'],
      ['judged', true],
      ['committed', 201],
      ['answered', '1'],
    ]);
  });

  it('is told of a refusal', async () => {
    const { calls, ask } = watched(throws);
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(calls).toEqual([
      ['answer', `${own}/notes`],
      ['begun', 'POST'],
      ['judged', false],
      ['happened', 'csrf-refused'],
      ['committed', 403],
      ['answered', null],
    ]);
  });
});

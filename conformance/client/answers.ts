import { bearer, CallError, createClient, NetworkError, TimeoutError, traceOf } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { echoed, failure, fate, via } from './lab.ts';

const token = 'hp-secret-token';

/** Answers, deadlines, failures and traces. */
export function answers(world: World): Case[] {
  const { a, b } = world.origins;
  return [
    {
      name: 'an answer is a Response of this runtime, and speaks of the whole chain, clones too',
      async run() {
        const response = await createClient().get(via(a, `${b}/echo`));
        equal(
          [response instanceof Response, response.ok, response.bodyUsed],
          [true, true, false],
          'the answer',
        );
        const copy = response.clone();
        equal([copy.url, copy.redirected], [`${b}/echo`, true], 'the clone');
        equal(traceOf(copy) === traceOf(response), true, 'one trace');
        equal((await echoed(copy)).path, (await echoed(response)).path, 'both bodies');
        equal(response.bodyUsed, true, 'bodyUsed');
      },
    },
    {
      name: 'the headers of an answer can be written into where those of fetch can, and nowhere else',
      async run() {
        const writes = async (method: typeof fetch) => {
          const answer = await method(`${a}/headers`);
          await answer.text();
          try {
            answer.headers.set('x-own', '1');
            return true;
          } catch (error) {
            return error instanceof TypeError ? 'TypeError' : error;
          }
        };
        equal(await writes(createClient().fetch), await writes(fetch), 'a write');
      },
    },
    {
      name: 'a body is read as text, bytes, a blob or a stream',
      async run() {
        const get = () => createClient().get(`${a}/drip?s=0.1`);
        equal(await (await get()).text(), '.', 'text');
        equal((await (await get()).arrayBuffer()).byteLength, 1, 'arrayBuffer');
        equal((await (await get()).blob()).size, 1, 'blob');
        let octets = 0;
        const reader = (await get()).body?.getReader();
        for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
          octets += read.value.byteLength;
        }
        equal(octets, 1, 'stream');
      },
    },
    {
      name: 'json checks status and emptiness with typed errors',
      async run() {
        const client = createClient();
        equal(((await client.get(`${a}/chain?n=0`).json()) as object) instanceof Object, true, 'json');
        equal((await failure(client.get(`${a}/empty`).json())).code, 'empty-body', 'S28: nothing');
        equal((await failure(client.get(`${a}/need`).json())).code, 'http-status', '401');
        equal((await failure(client.get(`${a}/drip?s=0`).json())).code, 'empty-body', 'an empty text');
      },
    },
    {
      name: 'S32: a server that says nothing is a timeout that names its phase',
      async run() {
        const { error } = await failure(createClient({ timeout: { headers: '200ms' } }).get(`${a}/hang`));
        if (!(error instanceof TimeoutError)) throw new Error(`expected a TimeoutError, got ${error}`);
        equal([error.code, error.phase, error.trace.hops.length], ['timeout', 'headers', 1], 'the error');
      },
    },
    {
      name: 'S32: a server that drips cannot outlive the total, which counts all hops',
      async run() {
        const dripping = createClient({ timeout: '400ms' }).get(via(a, '/drip?s=60'));
        const { error } = await failure(dripping.then((response) => response.text()));
        if (!(error instanceof TimeoutError)) throw new Error(`expected a TimeoutError, got ${error}`);
        equal(error.phase, 'total', 'the phase');
      },
    },
    {
      name: 'an abort ends the call with the very reason that was given, before and after the answer began',
      async run() {
        const reason = new Error('enough');

        const before = new AbortController();
        const hanging = createClient().get(`${a}/hang`, { signal: before.signal });
        setTimeout(() => before.abort(reason), 50);
        equal((await failure(hanging)).error === reason, true, 'the reason, before');
        const after = new AbortController();
        const dripping = await createClient().get(`${a}/drip?s=60`, { signal: after.signal });
        setTimeout(() => after.abort(reason), 50);
        equal((await failure(dripping.text())).error === reason, true, 'the reason, after');
        const done = createClient().get(`${a}/headers`, { signal: AbortSignal.abort(reason) });
        equal((await failure(done)).error === reason, true, 'the reason, at once');
      },
    },
    {
      name: 'where nobody listens is a typed error with its trace, on the first hop or a later one',
      async run() {
        for (const url of [`${world.closed}/x`, via(a, `${world.closed}/x`)]) {
          const { error } = await failure(createClient().get(url));
          if (!(error instanceof NetworkError)) throw new Error(`expected a NetworkError, got ${error}`);
          equal(error.trace.hops.at(-1)?.error, 'network', 'the last hop');
          equal(error.message.includes(`${world.closed}/x`), true, 'the message names the URL');
        }
      },
    },
    {
      name: 'traces and errors hold no secret',
      async run() {
        const client = createClient({ credentials: bearer(token, { for: [a, b, world.closed] }) });
        client.jar.set('sid=hp-secret-cookie', a);
        const response = await client.get(via(a, `${b}/headers`));
        const { error } = await failure(client.get(via(a, `${world.closed}/x`)));
        if (!(error instanceof CallError)) throw new Error(`expected a CallError, got ${error}`);
        const trace = traceOf(response);
        equal(fate(trace, 'authorization'), ['sent', 'sent'], 'in scope on both');
        const texts = [
          String(trace),
          JSON.stringify(trace),
          String(error),
          error.stack,
          JSON.stringify(error),
        ];
        for (const text of texts) {
          equal(/hp-secret-token|hp-secret-cookie/.test(text ?? ''), false, 'a secret shows');
        }
        equal(String(trace).split('\n').length > 2, true, 'a table for people');
      },
    },
    {
      name: 'fifty calls at once do not mix',
      async run() {
        const client = createClient();
        const calls = Array.from({ length: 50 }, async (_, at) => {
          const response = await client.post(via(a, `/echo?at=${at}`, 307), { body: `body ${at}` });
          const { path, body } = await echoed(response);
          return path === `/echo?at=${at}` && body === `body ${at}`;
        });
        equal((await Promise.all(calls)).every(Boolean), true, 'each has its own answer');
      },
    },
  ];
}

import { createClient } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { type Echo, echoed, failure } from './lab.ts';

/** A dispatcher of undici, as far as it is used here. */
interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/** Elsewhere the default transport calls fetch. */
const isNode = globalThis.navigator?.userAgent.startsWith('Node.js');

/** The places where the fetch of a Node may keep its dispatcher. */
const places = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));

/** The default transport stands in for the runtime's own fetch, so nobody can tell the two apart from outside. */
export function asFetch({ origins: { a } }: World): Case[] {
  return [
    {
      name: 'on Node, what goes out is what fetch would send',
      async run() {
        if (!isNode) return;
        const inits: RequestInit[] = [
          {},
          { method: 'HEAD' },
          { method: 'POST', body: 'text' },
          { method: 'POST', body: 'x'.repeat(100_000) },
          { method: 'PUT', body: new Uint8Array([1, 2, 3]) },
          { method: 'POST', body: new URLSearchParams('a=1') },
          { method: 'POST' },
          { method: 'PATCH' },
          { method: 'DELETE' },
          { method: 'PURGE', body: 'x', headers: { 'content-type': 'text/x-own' } },
          { headers: { accept: 'a/b', 'accept-language': 'de', 'user-agent': 'own', 'x-empty': '' } },
          { headers: { range: 'bytes=0-3' } },
          { headers: { 'accept-encoding': 'br' } },
          { headers: { 'if-none-match': '"a"' } },
          { headers: { 'if-match': '"a"', 'cache-control': 'max-age=3' } },
          { headers: { 'x-octets': 'caf\xc3\xa9' } },
          { cache: 'no-store' },
        ];
        const client = createClient({ jar: false });
        for (const init of inits) {
          const [ours, theirs] = await Promise.all(
            [client.fetch, fetch].map(async (via) => {
              const answer = await via(`${a}/echo?a=b%20c`, init);
              return init.method === 'HEAD' ? [...answer.headers.keys()] : sorted(await echoed(answer));
            }),
          );
          equal(ours, theirs, JSON.stringify(init).slice(0, 80));
        }
      },
    },
    {
      name: 'a fetch that somebody puts in place of the runtime’s is called, as long as it is there',
      async run() {
        const own = globalThis.fetch;
        const client = createClient({ jar: false });
        const get = async () => (await client.fetch(`${a}/headers`)).text();
        const before = await get();
        const stand: (typeof fetch)[] = [
          async () => new Response('stand-in'),
          (async () => new Response('stand-in')).bind(undefined),
          new Proxy(own, { apply: async () => new Response('stand-in') }),
        ];
        try {
          for (const fetch of stand) {
            globalThis.fetch = fetch;
            equal(await get(), 'stand-in', 'while it is there');
            globalThis.fetch = own;
            equal(await get(), before, 'once it is gone');
          }
        } finally {
          globalThis.fetch = own;
        }
      },
    },
    {
      name: 'on Node, the dispatcher that was set for fetch sends, from the next call on',
      async run() {
        await (await fetch(`${a}/headers`)).text();
        const client = createClient({ jar: false });
        for (const place of places) {
          const present: Dispatcher | undefined = Reflect.get(globalThis, place);
          if (present === undefined) continue;
          let sent = 0;
          const counting = {
            dispatch(options: object, handler: object) {
              sent += 1;
              return present.dispatch(options, handler);
            },
          };
          const sentBy = async (via: typeof fetch) => {
            sent = 0;
            await (await via(`${a}/headers`)).text();
            return sent;
          };
          Reflect.set(globalThis, place, counting);
          try {
            equal(await sentBy(client.fetch), await sentBy(fetch), String(place));
          } finally {
            Reflect.set(globalThis, place, present);
          }
        }
      },
    },
    {
      name: 'on Node, the channels of undici tell of each request, and who listens can add a header to it',
      async run() {
        if (!isNode) return;
        const channels = globalThis.process.getBuiltinModule('node:diagnostics_channel');
        const reported: string[] = [];
        const listener = (message: unknown, name: string | symbol) => {
          const { request } = message as {
            request: { path: string; addHeader(name: string, value: string): void };
          };
          if (!request.path.startsWith('/echo?told')) return;
          reported.push(String(name));
          if (name === 'undici:request:create') request.addHeader('traceparent', '00-1-2-03');
        };
        const names = ['create', 'headers', 'trailers'].map((step) => `undici:request:${step}`);
        for (const name of names) channels.subscribe(name, listener);
        try {
          const { headers } = await echoed(await createClient().post(`${a}/echo?told`, { body: 'x' }));
          equal(headers.traceparent, '00-1-2-03', 'the header that was added');
          equal(reported, names, 'what was told');
        } finally {
          for (const name of names) channels.unsubscribe(name, listener);
        }
      },
    },
    {
      name: 'ports of other services are not connected to',
      async run() {
        equal(
          (await failure(createClient().get(`${new URL(a).protocol}//127.0.0.1:6667/`))).code,
          'network',
          'IRC',
        );
      },
    },
  ];
}

const sorted = ({ headers, ...echo }: Echo) => ({ ...echo, headers: Object.entries(headers).sort() });

import { createClient, type RedirectError, traceOf } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { arrivals, echoed, failure, via } from './lab.ts';

/** Method, status, and the method that the target sees; the body stays exactly where the method does. RFC 9110 §15.4. */
const rewrites = [
  ['POST', 301, 'GET'],
  ['POST', 302, 'GET'],
  ['POST', 303, 'GET'],
  ['POST', 307, 'POST'],
  ['POST', 308, 'POST'],
  ['PUT', 301, 'PUT'],
  ['PUT', 302, 'PUT'],
  ['PUT', 303, 'GET'],
  ['PATCH', 302, 'PATCH'],
  ['DELETE', 307, 'DELETE'],
] as const;

/** How redirects are followed, and when they are not. */
export function redirects(world: World): Case[] {
  const { a, b } = world.origins;
  const stream = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('once'));
        controller.close();
      },
    });
  return [
    {
      name: 'S16: n redirects are n + 1 requests, and one more is too many',
      async run() {
        const client = createClient({ redirect: { maxRedirects: 3 } });
        const response = await client.get(`${a}/chain?n=3`);
        equal(
          [response.status, response.url, response.redirected],
          [200, `${a}/chain?n=0`, true],
          'the answer',
        );
        equal(traceOf(response).hops.length, 4, 'requests');
        equal((await failure(client.get(`${a}/chain?n=4`))).code, 'too-many-redirects', 'one more');
        equal((await createClient().get(`${a}/chain?n=20`)).status, 200, 'the default');
        equal((await failure(createClient().get(`${a}/chain?n=21`))).code, 'too-many-redirects', 'one more');
      },
    },
    {
      name: 'S37: which redirects turn which methods into GET',
      async run() {
        for (const [method, status, expected] of rewrites) {
          const init = { method, body: 'text', headers: { 'content-type': 'text/x-test' } };
          const there = await echoed(await createClient().fetch(via(a, '/echo', status), init));
          const kept = expected === method;
          const what = `${method} ${status}`;
          equal([there.method, there.body], [expected, kept ? 'text' : ''], what);
          equal(there.headers['content-type'], kept ? 'text/x-test' : undefined, `Content-Type of ${what}`);
        }
        equal((await createClient().head(via(a, '/echo', 303))).status, 200, 'HEAD');
        equal((await arrivals(world, '/echo')).includes(`HEAD ${a}`), true, 'HEAD stays HEAD');
      },
    },
    {
      name: 'bodies of every kind that can be read twice are sent again',
      async run() {
        const form = new FormData();
        form.set('field', 'värde');
        for (const [body, expected] of [
          ['text', 'text'],
          [new TextEncoder().encode('bytes'), 'bytes'],
          [new URLSearchParams({ q: 'ä' }), 'q=%C3%A4'],
          [new Blob(['blob'], { type: 'text/x-blob' }), 'blob'],
          [form, 'värde'],
        ] as const) {
          const there = await echoed(await createClient().post(via(a, '/echo', 307), { body }));
          equal(there.body.includes(expected), true, expected);
        }
        const request = new Request(via(a, '/echo', 308), { method: 'PUT', body: 'of a Request' });
        equal((await echoed(await createClient().fetch(request))).body, 'of a Request', 'a Request');
        equal(
          (await echoed(await createClient().post(via(a, '/echo', 307), { json: [1] }))).body,
          '[1]',
          'json',
        );
      },
    },
    {
      name: 'X4: a body that can be read only once is a typed error, before anything reaches the target',
      async run() {
        const call = createClient().post(via(a, `${a}/echo?once-only`, 307), { body: stream() });
        equal((await failure(call)).code, 'one-shot-body', 'the error');
        equal((await arrivals(world, '/echo?once-only')).length, 0, 'requests at the target');
        equal(
          (await echoed(await createClient().post(`${a}/echo`, { body: stream() }))).body,
          'once',
          'no redirect',
        );
      },
    },
    {
      name: 'X3: a body does not cross origins unless the caller says so: the 3xx is the answer, with its reason',
      async run() {
        const url = via(a, `${b}/echo?crossing`, 307);
        const response = await createClient().post(url, { body: '{"password":"p"}' });
        equal(response.status, 307, 'status');
        equal(traceOf(response).hops.at(-1)?.stopped?.code, 'body-crosses-origin', 'the reason');
        equal((await arrivals(world, '/echo?crossing')).length, 0, 'requests at B');
        const client = createClient({ redirect: { crossOriginBody: true } });
        equal(
          (await echoed(await client.post(url, { body: 'text' }))).body,
          'text',
          'when the caller says so',
        );
      },
    },
    {
      name: "S50: redirect: 'manual' gives the real 3xx with Location and Set-Cookie",
      async run() {
        const url = `${a}/set-cookie?one=1&two=2&url=/headers&status_code=307`;
        const response = await createClient().get(url, { redirect: 'manual' });
        equal([response.status, response.headers.get('location')], [307, '/headers'], 'the answer');
        equal(response.headers.getSetCookie(), ['one=1', 'two=2'], 'Set-Cookie');
        equal([response.type === 'opaqueredirect', response.redirected], [false, false], 'its kind');
      },
    },
    {
      name: "redirect: 'error' is a typed error, also where the runtime knows no such word",
      async run() {
        const refused = createClient().get(via(a, '/headers'), { redirect: 'error' });
        equal((await failure(refused)).code, 'redirect-refused', 'the error');
        equal((await createClient().get(`${a}/headers`, { redirect: 'error' })).status, 200, 'no redirect');
      },
    },
    {
      name: 'S38: follow is asked before anything is sent to the next hop',
      async run() {
        const asked: string[] = [];
        const client = createClient({
          redirect: {
            follow({ url }) {
              asked.push(url);
              return url.startsWith(a);
            },
          },
        });
        const call = client.get(via(a, via(a, `${b}/headers?unasked`)));
        equal((await failure(call)).code, 'redirect-refused', 'the error');
        equal(asked.at(-1), `${b}/headers?unasked`, 'asked last');
        equal(await arrivals(world, '/headers?unasked'), [], 'requests at B');
      },
    },
    {
      name: 'a Location in raw UTF-8 is read as UTF-8',
      async run() {
        const response = await createClient().get(via(a, '/echo?q=日本é'));
        equal((await echoed(response)).path, '/echo?q=%E6%97%A5%E6%9C%AC%C3%A9', 'on the wire');
        equal(response.url, `${a}/echo?q=%E6%97%A5%E6%9C%AC%C3%A9`, 'response.url');
      },
    },
    ...['http:\\\\', '///', '\\/', '\\\\'].map(
      (slashes): Case => ({
        name: `X5: a Location that begins with ${slashes} is judged as the URL that would be connected to`,
        async run() {
          const headers = { 'x-api-key': 'hp-secret-key' };
          const location = `${slashes}${new URL(b).host}/headers`;
          const response = await createClient().get(via(a, location), { headers });
          equal(response.url, `${b}/headers`, 'response.url');
          equal((await echoed(response)).headers['x-api-key'], undefined, 'X-Api-Key');
        },
      }),
    ),
    {
      name: 'S18: an empty or missing Location is an answer; one that leads nowhere is a typed error',
      async run() {
        for (const url of [
          `${a}/redirect-to`,
          `${a}/redirect-to?url=`,
          `${a}/redirect-to?url=/&status_code=300`,
        ]) {
          equal(((await createClient().get(url)).status / 100) | 0, 3, url);
        }
        for (const location of ['http://', 'ftp://h/', 'javascript:1', 'http://a:b/', 'data:,x']) {
          equal((await failure(createClient().get(via(a, location)))).code, 'bad-location', location);
        }
        const two = `${a}/redirect-to?url=${encodeURIComponent(`${a}/x`)}&url=${encodeURIComponent(`${b}/y`)}`;
        equal((await failure(createClient().get(two))).code, 'bad-location', 'two Locations');
      },
    },
    {
      name: 'a 303 to its own URL is followed until the job is done, after the wait that it asks for',
      async run() {
        const waits: number[] = [];
        const clock = { now: () => 0, delay: async (ms: number) => void waits.push(ms) };
        let asked = 0;
        const transport = async () => {
          asked += 1;
          const headers = { location: '/job', 'retry-after': '2' };
          return asked < 4 ? new Response(null, { status: 303, headers }) : new Response('done');
        };
        const client = createClient({ clock, transport, timeout: 'none' });
        equal(await client.get('https://a.example/job').text(), 'done', 'the end');
        equal(waits, [2_000, 2_000, 2_000], 'milliseconds waited');
      },
    },
    {
      name: 'a circle is followed to the limit and then called a loop, and a fragment is carried along',
      async run() {
        const loop = await failure(createClient({ redirect: { maxRedirects: 4 } }).get(`${a}/loop`));
        equal(loop.code, 'redirect-loop', 'a loop');
        equal(String(loop.error).includes(`GET ${a}/loop`), true, 'the sentence says what repeats');
        equal((loop.error as RedirectError).trace.hops.length, 5, 'requests');
        const hops = traceOf(await createClient().get(`${via(a, '/headers')}#part`)).hops;
        equal(hops.at(-1)?.url, `${a}/headers#part`, 'the last hop');
      },
    },
  ];
}

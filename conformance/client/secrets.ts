import { apiKey, basic, bearer, createClient, digest, traceOf } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { arrivals, echoed, failure, fate, via } from './lab.ts';

const token = 'hp-secret-token';

async function sha256(text: string): Promise<string> {
  const octets = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(octets), (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** Which secret travels to which hop, and why not. */
export function secrets(world: World): Case[] {
  const { a, a2, b, localhost, tls } = world.origins;
  const withBearer = (scope: string | string[] = a) =>
    createClient({ credentials: bearer(token, { for: scope }) });
  return [
    {
      name: 'S3: a bearer token stays in its scope across host, port and name, and the trace says why',
      async run() {
        for (const [target, reason] of [
          [b, 'scope-other-host'],
          [a2, 'scope-other-port'],
          [localhost, 'scope-other-host'],
        ] as const) {
          const response = await withBearer().get(via(a, `${target}/headers`));
          equal((await echoed(response)).headers.authorization, undefined, `Authorization at ${target}`);
          equal(fate(response, 'authorization'), ['sent', reason], `the trace for ${target}`);
        }
      },
    },
    {
      name: 'S6: on the same origin it stays, however the Location is written',
      async run() {
        const { host } = new URL(a);
        for (const location of ['/headers', `//${host}/headers`, `${a}/headers`, 'headers', '?x']) {
          const target = location === '?x' ? `/headers` : location;
          const { headers } = await echoed(await withBearer().get(via(a, target)));
          equal(headers.authorization, `Bearer ${token}`, location);
        }
      },
    },
    {
      name: 'S22: A → B → A: it is back on A, and was never on B',
      async run() {
        const response = await withBearer().get(via(a, via(b, `${a}/headers`)));
        equal((await echoed(response)).headers.authorization, `Bearer ${token}`, 'Authorization');
        equal(fate(response, 'authorization'), ['sent', 'scope-other-host', 'sent'], 'the trace');
      },
    },
    {
      name: 'a header of one call does not come back once it has left its origin',
      async run() {
        const response = await createClient().get(via(a, via(b, `${a}/headers`)), {
          headers: { authorization: `Bearer ${token}` },
        });
        equal((await echoed(response)).headers.authorization, undefined, 'Authorization');
        equal(fate(response, 'authorization'), ['sent', 'scope-other-host', 'left-origin'], 'the trace');
      },
    },
    {
      name: 'S45: X-Api-Key, Cookie and Authorization never cross, whatever the runtime would forward',
      async run() {
        const headers = {
          'x-api-key': 'hp-secret-key',
          cookie: 'sid=1',
          authorization: `Bearer ${token}`,
          'x-any': 'x',
        };
        for (const target of [a2, b, localhost]) {
          const { headers: there } = await echoed(
            await createClient().get(via(a, `${target}/headers`), { headers }),
          );
          for (const name of Object.keys(headers)) equal(there[name], undefined, `${name} at ${target}`);
          const { headers: here } = await echoed(await createClient().get(via(a, '/headers'), { headers }));
          equal([here['x-api-key'], here.cookie], ['hp-secret-key', 'sid=1'], 'on the same origin');
        }
        const client = createClient({ credentials: apiKey('X-Api-Key', 'hp-secret-key', { for: a }) });
        equal(
          (await echoed(await client.get(`${a}/headers`))).headers['x-api-key'],
          'hp-secret-key',
          'in scope',
        );
        const response = await client.get(via(a, `${b}/headers`));
        equal((await echoed(response)).headers['x-api-key'], undefined, 'X-Api-Key at B');
      },
    },
    {
      name: 'headers that name no secret do travel',
      async run() {
        const headers = { accept: 'text/x-test', 'user-agent': 'conformance', 'accept-language': 'gl' };
        const { headers: there } = await echoed(
          await createClient().get(via(a, `${b}/headers`), { headers }),
        );
        for (const [name, value] of Object.entries(headers)) equal(there[name], value, name);
      },
    },
    {
      name: 'a key in the query is on the wire, and in no URL that the program sees',
      async run() {
        const client = createClient({ credentials: apiKey('key', 'hp-secret-key', { in: 'query', for: a }) });
        const response = await client.get(`${a}/echo?x=1`);
        equal((await echoed(response)).path, '/echo?x=1&key=hp-secret-key', 'on the wire');
        equal(response.url, `${a}/echo?x=1`, 'response.url');
        equal(String(traceOf(response)).includes('hp-secret-key'), false, 'the trace holds it');
        const crossed = await client.get(via(a, `${b}/echo?x=1`));
        equal((await echoed(crossed)).path, '/echo?x=1', 'at B');
      },
    },
    {
      name: 'X2: the user in a URL is sent as Basic, is in no URL afterwards, and in a Location is dropped',
      async run() {
        const first = await createClient().get(`${a.replace('//', '//ada:p%20w@')}/headers`);
        equal((await echoed(first)).headers.authorization, `Basic ${btoa('ada:p w')}`, 'Authorization');
        equal(first.url, `${a}/headers`, 'response.url');
        for (const target of [b, a]) {
          const location = `${target.replace('//', '//eve:pw@')}/headers`;
          const response = await createClient().get(via(a, location));
          equal((await echoed(response)).headers.authorization, undefined, `Authorization at ${target}`);
          equal(response.url, `${target}/headers`, 'response.url');
          const [, hop] = traceOf(response).hops;
          equal(
            hop?.rewrites.map(({ code }) => code),
            ['location-user-dropped'],
            'the rule',
          );
        }
      },
    },
    {
      name: 'over TLS: what is for https is not sent when the redirect falls back to http',
      async run() {
        const response = await withBearer(tls).get(via(tls, `${a}/headers`));
        equal((await echoed(response)).headers.authorization, undefined, 'Authorization');
        equal(fate(response, 'authorization')[0], 'sent', 'over TLS');
        const back = await withBearer(tls).get(via(a, `${tls}/headers`));
        equal((await echoed(back)).headers.authorization, `Bearer ${token}`, 'from http to https');
      },
    },
    {
      name: 'Basic and names beyond ASCII go out in UTF-8',
      async run() {
        const client = createClient({ credentials: basic('Zoë', 'пароль', { for: a }) });
        const { headers } = await echoed(await client.get(`${a}/headers`));
        const octets = Uint8Array.from(atob(headers.authorization?.slice(6) ?? ''), (char) =>
          char.charCodeAt(0),
        );
        equal(new TextDecoder().decode(octets), 'Zoë:пароль', 'user and password');
      },
    },
    {
      name: 'a 401 asks for one new token, however many calls wait for it, and repeats each hop once',
      async run() {
        let refreshed = 0;
        const refresh = async () => {
          refreshed += 1;
          return token;
        };
        const client = createClient({ credentials: bearer(() => '', { for: a, refresh }) });
        const calls = Array.from({ length: 10 }, () => client.get(`${a}/need`));
        equal(
          (await Promise.all(calls)).map(({ status }) => status),
          Array(10).fill(200),
          'statuses',
        );
        equal(refreshed, 1, 'refreshes');
      },
    },
    {
      name: 'a refresh that calls through its own client does not wait for itself',
      async run() {
        const transport = async ({ headers }: { headers: Headers }) =>
          new Response('', { status: headers.get('authorization') === 'Bearer new' ? 200 : 401 });
        const refresh = async () => {
          await client.post('https://a.example/token');
          return 'new';
        };
        const credentials = bearer('old', { for: 'https://a.example', refresh, refreshTimeout: '1s' });
        const client = createClient({ credentials, transport });
        equal((await client.get('https://a.example/')).status, 200, 'the status');
      },
    },
    {
      name: 'Digest is answered with SHA-256, and its realm hashed as the octets that came',
      async run() {
        const given = await createClient().get(via(a, '/café'), { redirect: 'manual' });
        const realm = given.headers.get('location');
        const challenge = `Digest realm="${realm}", qop="auth", algorithm=SHA-256, nonce="n1"`;
        let answer = '';
        const transport = async ({ headers }: { headers: Headers }) => {
          answer = headers.get('authorization') ?? '';
          if (answer !== '') return new Response('welcome');
          return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
        };
        const client = createClient({
          credentials: digest('ada', 'hp-secret-password', { for: 'https://a.example' }),
          transport,
        });
        equal(await client.get('https://a.example/').text(), 'welcome', 'the answer');
        const of = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(answer)?.[1] ?? '';
        const proof = await sha256('ada:/café:hp-secret-password');
        const request = await sha256('GET:/');
        const expected = await sha256(`${proof}:n1:${of('nc')}:${of('cnonce')}:auth:${request}`);
        equal(of('response'), expected, 'the proof');
      },
    },
    {
      name: 'cookies set on a 302 are kept, sent on, and not sent where they do not belong',
      async run() {
        const client = createClient();
        const line = `sid=${encodeURIComponent('1; Path=/; HttpOnly')}&theme=dark`;
        const target = encodeURIComponent('/headers');
        const response = await client.get(`${a}/set-cookie?${line}&url=${target}`);
        equal((await echoed(response)).headers.cookie, 'sid=1; theme=dark', 'sent on');
        equal(client.jar.header(a), 'sid=1; theme=dark', 'in the jar');
        const set = traceOf(response).hops[0]?.cookies.set.map(({ name, verdict }) => [
          name,
          verdict.allowed,
        ]);
        equal(
          set,
          [
            ['sid', true],
            ['theme', true],
          ],
          'the trace',
        );
        equal((await echoed(await client.get(via(a, `${b}/headers`)))).headers.cookie, undefined, 'at B');
        const otherPort = await echoed(await client.get(`${a2}/headers`));
        equal(otherPort.headers.cookie, 'sid=1; theme=dark', 'a cookie knows no port');
      },
    },
    {
      name: 'literal cookies go out as one header, also when they were given as several',
      async run() {
        const given = {
          headers: [
            ['cookie', 'a=1'],
            ['cookie', 'b=2'],
          ] as [string, string][],
        };
        equal(
          (await echoed(await createClient().get(`${a}/headers`, given))).headers.cookie,
          'a=1; b=2',
          'Cookie',
        );
      },
    },
    {
      name: "credentials: 'omit' sends no credential and no cookie, and keeps none",
      async run() {
        const client = withBearer();
        client.jar.set('sid=1', a);
        const { headers } = await echoed(await client.get(`${a}/headers`, { credentials: 'omit' }));
        equal([headers.authorization, headers.cookie], [undefined, undefined], 'headers');
        await client.get(`${a}/set-cookie?new=1`, { credentials: 'omit' });
        equal(client.jar.header(a), 'sid=1', 'the jar');
      },
    },
    {
      name: 'headers that name another host or break the framing are refused before anything is sent',
      async run() {
        for (const name of ['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Expect']) {
          const mark = `refused-${name}`;
          const { error } = await failure(
            createClient().get(`${a}/echo?${mark}`, { headers: { [name]: '1' } }),
          );
          equal([error instanceof TypeError, await arrivals(world, mark)], [true, []], name);
        }
      },
    },
  ];
}

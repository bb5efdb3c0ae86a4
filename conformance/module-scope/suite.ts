import { bearer, createClient, TimeoutError } from 'hallpass/client';
import { keyRing, open, seal } from 'hallpass/seal';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTokens, type TokenEvent } from 'hallpass/tokens';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';

// Made while the module is evaluated, as programs do. A worker may do no I/O there, and what one request began there ends
// with it: a timer, a fetch. So the runner of workers runs this suite in several requests, at once and one after the other.
const ring = keyRing('hpk_W9DfKBXEFH3Ygnd3oWWd9yCDBKVtOfcMMUmb3nEWHQ8');
const sessions = createSessions({ store: memoryStore() });
const events: TokenEvent[] = [];
const tokens = createTokens({
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'ijXP8Gmq1TPigktsHI5IiiNbgi6OkUZF5P4aM-5pREE',
      y: '6vnCB9QV5mworNo7-7hbiNPc0044QMpdvLIIB76Hw8Y',
      d: 'KQWI7zIUqex4rGKvr9OBh_wPbYFP0AntWN_Q5tjug04',
      alg: 'ES256',
    },
  ],
  issuer: 'https://app.example.test',
  audience: 'https://app.example.test',
  store: memoryStore(),
  onEvent: (event) => events.push(event),
});
const token = 'hp-secret-token';
const everywhere = ['http://127.0.0.1:*', 'http://localhost:*'];
let slow = '';
const refresh = async () => {
  await (await fetch(slow)).text();
  return token;
};
const client = createClient({
  credentials: bearer(() => '', { for: everywhere, refresh }),
  timeout: { headers: '1s' },
});
const app = pipeline({ sessions })(async (_, context) => {
  const session = await context.session();
  if (session.user === undefined) session.login('ada');
  return Response.json({ user: session.user ?? null });
});

/** What was made before the first request serves every request. */
export function atModuleScope({ origins: { a } }: World): Case[] {
  slow = `${a}/drip?s=0.2`;
  return [
    {
      name: 'a key ring seals and opens',
      run: async () => equal(await open(ring, 'p', await seal(ring, 'p', 'text')), 'text', 'the value'),
    },
    {
      name: 'sessions and a pipeline answer',
      async run() {
        const response = await app(new Request('https://app.example.test/', { method: 'POST' }));
        equal([response.status, response.headers.getSetCookie().length], [200, 1], 'the answer');
      },
    },
    {
      name: 'tokens are issued, refreshed and known',
      async run() {
        const first = await tokens.issueBearer('ada');
        const next = await tokens.refreshBearer(first.refresh);
        const authorization = `Bearer ${next.allowed ? next.access : ''}`;
        const visitor = await tokens.authenticate(new Headers({ authorization }));
        equal([visitor.allowed, events.length > 1], [true, true], 'the visitor');
      },
    },
    {
      name: 'a client calls, and many calls wait for one new token',
      async run() {
        const calls = Array.from({ length: 5 }, () => client.get(`${a}/need`));
        equal(
          (await Promise.all(calls)).map(({ status }) => status),
          Array(5).fill(200),
          'statuses',
        );
      },
    },
    {
      name: "a client's deadline is kept",
      async run() {
        const error = await client.get(`${a}/hang`).catch((reason: unknown) => reason);
        equal(error instanceof TimeoutError && error.phase, 'headers', 'the phase');
      },
    },
    {
      name: 'a client leaves an answer unread',
      run: async () => equal((await client.get(`${a}/drip?s=1`)).status, 200, 'status'),
    },
  ];
}

import type { ErrorCode, ReasonCode } from 'hallpass';
import { apiKey, bearer, type ClientOptions, createClient, credential, traceOf } from 'hallpass/client';
import { undiciTransport } from 'hallpass/client/undici';
import { testClock } from 'hallpass/testing';
import type { Calls } from './calls.ts';

const a = 'https://a.example.com';
const b = 'https://b.example.com';

/** A server at `a` that answers with a redirect, and one at `b` that answers with 200. */
const redirecting =
  (status: number, location: string): ClientOptions['transport'] =>
  async ({ url }) =>
    url.startsWith(a) ? new Response(null, { status, headers: { location } }) : new Response('arrived');

/** The trace of a call to `a`. */
async function trace(options: ClientOptions, init?: RequestInit, status = 302, location = `${b}/`) {
  const client = createClient({ transport: redirecting(status, location), ...options });
  return traceOf(await client.fetch(`${a}/`, init)).toJSON();
}

/** What a call to `a` throws. */
async function failure(
  options: ClientOptions,
  init?: RequestInit,
  read: (response: Response) => unknown = () => {},
) {
  try {
    return await read(await createClient(options).fetch(`${a}/`, init));
  } catch (error) {
    return error;
  }
}

const answering = (body: string, init?: ResponseInit) => ({
  transport: async () => new Response(body, init),
});
const post = (body: BodyInit = 'text'): RequestInit & { duplex?: 'half' } => ({
  method: 'POST',
  body,
  duplex: 'half',
});
const json = (options: ClientOptions) =>
  createClient(options)
    .get(`${a}/`)
    .json()
    .catch((error: unknown) => error);

/** Reasons that only a call of the client can give: they are in its trace. */
export const clientCalls = {
  'explicit-wins': () =>
    trace({ credentials: bearer('own', { for: a }) }, { headers: { authorization: 'x' } }),
  'credentials-omitted': () => trace({ credentials: bearer('own', { for: a }) }, { credentials: 'omit' }),
  'nothing-attached': () =>
    trace({ credentials: credential({ name: 'x-late', for: a, attach: () => ({}) }) }),
  'header-not-listed': () => trace({}, { headers: { 'x-tenant': 'acme' } }),
  'body-crosses-origin': () => trace({}, post(), 307),
  'post-becomes-get': () => trace({}, post()),
  'see-other-becomes-get': () => trace({}, { ...post(), method: 'PUT' }, 303),
  'location-user-dropped': () => trace({}, {}, 302, 'https://user:password@b.example.com/'),
} satisfies Calls<ReasonCode>;

export const clientErrors = {
  'too-many-redirects': () =>
    failure({ transport: redirecting(302, `${a}/next`), redirect: { maxRedirects: 0 } }),
  'redirect-loop': () => failure({ transport: redirecting(302, `${a}/`) }),
  'redirect-wait': () =>
    failure({
      transport: async () =>
        new Response(null, { status: 303, headers: { location: '/job', 'retry-after': '3600' } }),
    }),
  'bad-location': () => failure({ transport: redirecting(302, 'https://[') }),
  'redirect-refused': () => failure({ transport: redirecting(302, b), redirect: 'error' }),
  'redirect-reflects-secret': () =>
    failure({
      transport: redirecting(302, `${b}/?key=a-long-secret-key`),
      credentials: apiKey('x-api-key', 'a-long-secret-key', { for: a }),
    }),
  'one-shot-body': () =>
    failure(
      { transport: redirecting(307, `${a}/next`), redirect: { crossOriginBody: true } },
      post(new Blob(['text']).stream()),
    ),
  'opaque-redirect': () =>
    failure({
      transport: async () => Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' }),
    }),
  'transport-followed': () =>
    failure({
      transport: async () => Object.defineProperty(new Response(), 'redirected', { value: true }),
    }),
  timeout: () => {
    const clock = testClock();
    const transport = async () => {
      queueMicrotask(() => clock.advance('1m'));
      return new Promise<Response>(() => {});
    };
    return failure({ clock, timeout: '1s', transport });
  },
  network: () => failure({ transport: () => Promise.reject(new TypeError('connection refused')) }),
  'address-refused': () =>
    createClient({ transport: undiciTransport({ guard: true }) })
      .fetch('http://127.0.0.1:9/')
      .catch((error: unknown) => error),
  'body-too-large': () =>
    failure({ ...answering('far too long'), limits: { maxBody: 4 } }, {}, (response) => response.text()),
  'integrity-mismatch': () => failure(answering('changed'), { integrity: 'sha256-AAAA' }),
  'empty-body': () => json(answering('')),
  'invalid-body': () => json(answering('no JSON')),
  'http-status': () => json(answering('{}', { status: 404 })),
  'credential-failed': () =>
    failure({ credentials: bearer(() => Promise.reject(new Error('no token')), { for: a }) }),
} satisfies Calls<ErrorCode>;

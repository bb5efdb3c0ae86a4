import { anywhere, bearer, type Client, type ClientOptions, credential } from 'hallpass/client';

/** What a way has at hand: a client for the server, with these options, and a signal that outlives all calls. */
export interface Hands {
  client(options?: ClientOptions): Client;
  readonly signal: AbortSignal;
}

/** A way in which a call ends: what it gives, or the code of its error (its name, where it has no code). */
export interface Way {
  readonly end: string;
  run(hands: Hands): Promise<unknown>;
}

const get = (path: string, options?: ClientOptions): Way['run'] => {
  return ({ client, signal }) => client(options).get(path, { signal }).text();
};
const stream = (pieces: number) =>
  new ReadableStream({
    pull(controller) {
      if (pieces-- > 0) controller.enqueue(new Uint8Array(1_000));
      else controller.close();
    },
  });
const broken = () => Promise.reject(new Error('no'));

/** Aborts by a signal of the call's own once `until` is there. */
async function aborted(
  { client }: Hands,
  path: string,
  until?: (response: Response) => unknown,
): Promise<unknown> {
  const controller = new AbortController();
  const answer = client().fetch(path, { signal: controller.signal });
  if (until === undefined) {
    setImmediate(() => controller.abort());
    return answer;
  }
  const response = await answer;
  const reading = until(response);
  controller.abort();
  return reading;
}

/** Every way there is, each with how it ends. */
export const ways: Readonly<Record<string, Way>> = {
  'read as text': { end: 'ok', run: get('/ok') },
  'read as JSON': { end: 'ok', run: ({ client, signal }) => client().get('/ok', { signal }).json() },
  'read as a stream': {
    end: 'ok',
    async run({ client, signal }) {
      const { body } = await client().fetch('/large', { signal });
      for await (const _ of body as ReadableStream<Uint8Array>);
    },
  },
  'left unread': { end: 'ok', run: ({ client, signal }) => client().fetch('/ok', { signal }) },
  'cancelled unread': {
    end: 'ok',
    async run({ client, signal }) {
      await (await client().fetch('/large', { signal })).body?.cancel();
    },
  },
  'cancelled after a piece': {
    end: 'ok',
    async run({ client, signal }) {
      const reader = (await client().fetch('/stalls', { signal })).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    },
  },
  'a clone read too': {
    end: 'ok',
    async run({ client, signal }) {
      const response = await client().fetch('/large', { signal });
      const clone = response.clone();
      await Promise.all([response.text(), clone.text()]);
    },
  },
  'a clone cancelled': {
    end: 'ok',
    async run({ client, signal }) {
      const response = await client().fetch('/large', { signal });
      const clone = response.clone();
      await Promise.all([clone.body?.cancel(), response.text()]);
    },
  },
  'the clone alone read': {
    end: 'ok',
    async run({ client, signal }) {
      const response = await client().fetch('/ok', { signal });
      await Promise.all([response.clone().text(), response.body?.cancel()]);
    },
  },
  HEAD: { end: 'ok', run: ({ client, signal }) => client().head('/large', { signal }) },
  'no content': { end: 'ok', run: get('/nothing') },
  compressed: { end: 'ok', run: get('/gzip') },
  'compressed wrongly': { end: 'network', run: get('/not-gzip') },
  'with a cookie kept': { end: 'ok', run: get('/cookie') },
  'a status refused': { end: 'http-status', run: get('/missing') },
  redirected: { end: 'ok', run: get('/moved') },
  'redirected before the body has ended': { end: 'ok', run: get('/moves-on') },
  'redirected for ever': { end: 'redirect-loop', run: get('/circle', { redirect: { maxRedirects: 3 } }) },
  'redirected abroad': { end: 'bad-location', run: get('/abroad') },
  'redirected too late': { end: 'redirect-wait', run: get('/waits') },
  'a redirect that follow refuses': {
    end: 'redirect-refused',
    run: get('/moved', { redirect: { follow: () => false } }),
  },
  'a redirect that is an error': { end: 'redirect-refused', run: get('/moved', { redirect: 'error' }) },
  'a redirect that is the answer': {
    end: 'ok',
    run: ({ client, signal }) => client({ redirect: 'manual' }).fetch('/moved', { signal }),
  },
  'a request hook that fails': { end: 'Error', run: get('/ok', { hooks: { request: [broken] } }) },
  'a response hook that fails': { end: 'Error', run: get('/stalls', { hooks: { response: [broken] } }) },
  'a redirect hook that fails': { end: 'Error', run: get('/moves-on', { hooks: { redirect: [broken] } }) },
  'an answer of a hook': {
    end: 'ok',
    run: get('/ok', { hooks: { response: [() => new Response('mine')] } }),
  },
  'a retry': { end: 'http-status', run: get('/busy', { retry: { delay: 0, maxRetries: 1 } }) },
  'a retry of what was cut off': {
    end: 'network',
    run: get('/hangs-up', { retry: { delay: 0, maxRetries: 1 } }),
  },
  'hung up on': { end: 'network', run: get('/hangs-up') },
  'cut in the body': { end: 'network', run: get('/cut') },
  'a head that is none': { end: 'network', run: get('/bad-head') },
  'too large, told': { end: 'body-too-large', run: get('/large', { limits: { maxBody: 10 } }) },
  'too large, found out': { end: 'body-too-large', run: get('/stalls', { limits: { maxBody: 3 } }) },
  'too late for the headers': { end: 'timeout', run: get('/hangs', { timeout: { headers: '2ms' } }) },
  'too late for the body': { end: 'timeout', run: get('/stalls', { timeout: { idle: '2ms' } }) },
  'too late as a whole': { end: 'timeout', run: get('/stalls', { timeout: '5ms' }) },
  'another digest': {
    end: 'integrity-mismatch',
    run: ({ client, signal }) =>
      client().fetch('/ok', { signal, integrity: 'sha256-mC8EL+xB69gXQJQpqpnqAtZ3NmFDaMEWxN1NFhmeb1c=' }),
  },
  'aborted at once': {
    end: 'AbortError',
    run: ({ client }) => client().fetch('/ok', { signal: AbortSignal.abort() }),
  },
  'aborted before the head': { end: 'AbortError', run: (hands) => aborted(hands, '/hangs') },
  'aborted in the body': {
    end: 'AbortError',
    run: (hands) => aborted(hands, '/stalls', (response) => response.text()),
  },
  'aborted in a stream': {
    end: 'AbortError',
    run: (hands) =>
      aborted(hands, '/stalls', async ({ body }) => {
        for await (const _ of body as ReadableStream<Uint8Array>);
      }),
  },
  'aborted in a clone': {
    end: 'AbortError',
    run: (hands) =>
      aborted(hands, '/stalls', (response) => {
        const clone = response.clone();
        return Promise.all([clone.text(), response.text()]);
      }),
  },
  'aborted unread': { end: 'ok', run: (hands) => aborted(hands, '/stalls', () => 'unread') },
  'disposed of': {
    end: 'AbortError',
    async run({ client, signal }) {
      await using short = client();
      const answer = short.fetch('/hangs', { signal });
      setImmediate(() => void short[Symbol.asyncDispose]());
      return await answer;
    },
  },
  'an upload': {
    end: 'ok',
    run: ({ client, signal }) =>
      client()
        .post('/upload', { signal, body: new Uint8Array(200_000) })
        .text(),
  },
  'an upload by a stream': {
    end: 'ok',
    run: ({ client, signal }) =>
      client()
        .post('/upload', { signal, body: stream(100), duplex: 'half' } as RequestInit)
        .text(),
  },
  'an upload that fails': {
    end: 'network',
    run: ({ client, signal }) =>
      client()
        .post('/upload', {
          signal,
          duplex: 'half',
          body: new ReadableStream({ pull: (controller) => controller.error(new Error('no')) }),
        } as RequestInit)
        .text(),
  },
  'an upload hung up on': {
    end: 'network',
    run: ({ client, signal }) =>
      client()
        .post('/hangs-up', { signal, body: new Uint8Array(200_000) })
        .text(),
  },
  'an upload aborted': {
    end: 'AbortError',
    run: ({ client }) => {
      const controller = new AbortController();
      const body = new ReadableStream({ pull: () => controller.abort() }, { highWaterMark: 0 });
      return client().post('/upload', { signal: controller.signal, body, duplex: 'half' } as RequestInit);
    },
  },
  'a form sent again': {
    end: 'ok',
    run({ client, signal }) {
      const body = new FormData();
      body.append('file', new Blob(['text']), 'a.txt');
      return client().post('/again', { signal, body }).text();
    },
  },
  'a stream that cannot be sent again': {
    end: 'one-shot-body',
    run: ({ client, signal }) =>
      client().post('/again', { signal, body: stream(1), duplex: 'half' } as RequestInit),
  },
  'a token refreshed': {
    end: 'ok',
    run: ({ client, signal }) =>
      client({ credentials: bearer('old', { refresh: async () => 'new' }) })
        .get('/secret', { signal })
        .text(),
  },
  'a refresh that fails': {
    end: 'credential-failed',
    run: get('/secret', { credentials: bearer('old', { refresh: broken }) }),
  },
  'a refresh too late': {
    end: 'credential-failed',
    run: get('/secret', {
      credentials: bearer('old', { refresh: () => new Promise(() => {}), refreshTimeout: '2ms' }),
    }),
  },
  'aborted in a refresh': {
    end: 'AbortError',
    run({ client }) {
      const controller = new AbortController();
      const refresh = async () => {
        controller.abort();
        return 'new';
      };
      return client({ credentials: bearer('old', { refresh }) }).fetch('/secret', {
        signal: controller.signal,
      });
    },
  },
  'signed, and again with a nonce': {
    end: 'ok',
    run({ client, signal }) {
      let nonce = 'n0';
      const credentials = credential({
        name: 'signature',
        for: anywhere,
        sign: () => ({ headers: { signature: nonce } }),
        received: ({ status, headers }) => {
          nonce = headers.get('x-nonce') ?? nonce;
          return status === 400;
        },
      });
      return client({ credentials }).get('/nonce', { signal }).text();
    },
  },
  'a signature that fails': {
    end: 'credential-failed',
    run: get('/ok', { credentials: credential({ name: 'signature', for: anywhere, sign: broken }) }),
  },
};

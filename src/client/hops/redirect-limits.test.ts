import { describe, expect, it } from 'vitest';
import { useServers } from '../../../tools/test/serve.ts';
import { type ClientOptions, createClient, type RedirectError } from '../index.ts';

const serve = useServers();
const failed = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('the call did not fail'),
    (error: RedirectError) => error,
  );

/** Answers each request with a redirect to the next of these paths, and 200 when they are at an end. */
function leading(...paths: string[]): ClientOptions['transport'] {
  let at = 0;
  return async () => {
    const location = paths[at++];
    return location === undefined
      ? new Response('done')
      : new Response(null, { status: 303, headers: { location } });
  };
}

describe('a request that comes again', () => {
  it.each([
    ['a 303 to the own URL until a job is done', ['/job', '/job', '/job']],
    ['a sign-in that bounces between two', ['/sign-in', '/job', '/sign-in', '/job']],
  ])('%s ends in 200', async (_, paths) => {
    const response = await createClient({ transport: leading(...paths) }).get('http://a.test/job');
    expect([response.status, await response.text()]).toEqual([200, 'done']);
  });

  it.each([
    [['/a'], 0, 'GET http://a.test/a.'],
    [['/b', '/a', '/b', '/a'], 3, 'GET http://a.test/a, GET http://a.test/b.'],
    [['/b', '/a'], 1, 'GET http://a.test/a, GET http://a.test/b.'],
    [['/b', '/c', '/c', '/c'], 3, 'GET http://a.test/c.'],
    [
      ['/b', '/c', '/d', '/a'],
      3,
      'GET http://a.test/a, GET http://a.test/b, GET http://a.test/c and 1 more.',
    ],
    [['/b#1', '/b#2'], 1, 'GET http://a.test/b#1.'],
  ])('%j with max %d is a loop of %s', async (paths, maxRedirects, repeated) => {
    const client = createClient({ transport: leading(...paths), redirect: { maxRedirects } });
    const error = await failed(client.get('http://a.test/a'));
    expect(error.code).toBe('redirect-loop');
    expect(error.message).toBe(
      `More than ${maxRedirects} redirects (redirect.maxRedirects), and they repeat: ${repeated}`,
    );
  });

  it('is named once, though it was tried again on the way', async () => {
    const redirects = leading('/b', '/a', '/b', '/a');
    let requests = 0;
    const client = createClient({
      transport: async (...given) =>
        ++requests === 2 ? new Response(null, { status: 503 }) : await redirects?.(...given),
      retry: { delay: 0 },
      redirect: { maxRedirects: 1 },
    } as ClientOptions);
    const error = await failed(client.get('http://a.test/a'));
    expect([error.code, requests]).toEqual(['redirect-loop', 3]);
    expect(error.message).toContain('they repeat: GET http://a.test/a, GET http://a.test/b.');
  });

  it.each([
    [['/b', '/c', '/d'], 2],
    [['/a', '/a', '/b'], 2],
    [['/b', '/a', '/c', '/a', '/d', '/a'], 5],
  ])('%j with max %d is too many', async (paths, maxRedirects) => {
    const client = createClient({ transport: leading(...paths), redirect: { maxRedirects } });
    expect((await failed(client.get('http://a.test/a'))).code).toBe('too-many-redirects');
  });

  it('is told without the values of its secrets', async () => {
    const transport = leading('/?token=hp-secret-1', '/?token=hp-secret-1');
    const client = createClient({ transport, redirect: { maxRedirects: 1 } });
    const { code, message } = await failed(client.get('http://a.test/'));
    expect([code, message.includes('hp-secret')]).toEqual(['redirect-loop', false]);
  });
});

describe('the Retry-After of a redirect', () => {
  const start = Date.UTC(2026, 10, 21);
  const inSeconds = (seconds: number) => new Date(start + seconds * 1_000).toUTCString();

  /** A job at a real server that says `retryAfter` in turn; `waits` are the milliseconds waited, `open` the answers still open then. */
  async function job(
    retryAfters: string[],
    redirect: ClientOptions['redirect'] = {},
    options: ClientOptions = {},
  ) {
    const waits: number[] = [];
    const open: number[] = [];
    let asked = 0;
    let answering = 0;
    const url = await serve((_, response) => {
      answering += 1;
      response.on('close', () => {
        answering -= 1;
      });
      const wait = retryAfters[asked++];
      if (wait === undefined) response.end('done');
      else response.writeHead(303, { location: '/job', 'retry-after': wait }).end('not yet');
    });
    let now = start;
    const clock = {
      now: () => now,
      async delay(ms: number, signal?: AbortSignal) {
        if (ms >= 30_000 || ms === 200)
          return new Promise<void>((_, fail) => signal?.addEventListener('abort', fail));
        waits.push(ms);
        open.push(answering);
        now += ms;
      },
    };
    const client = createClient({ clock, redirect, ...options });
    return { call: () => client.get(`${url}/job`), waits, open, asked: () => asked };
  }

  it('is waited for, in seconds or as a date, with the connection free', async () => {
    const { call, waits, open } = await job([
      '2',
      inSeconds(5),
      'Sat Nov 21 00:00:06 2026',
      'Saturday, 21-Nov-26 00:00:08 GMT',
      inSeconds(4),
      '0',
      'soon',
    ]);
    expect(await call().text()).toBe('done');
    expect(waits).toEqual([2_000, 3_000, 1_000, 2_000]);
    expect(open).toEqual([0, 0, 0, 0]);
  });

  it('ends the call at once where all of them are longer than redirect.maxWait', async () => {
    const first = await job(['31'], undefined, { timeout: { total: '10h' } });
    const error = await failed(first.call());
    expect(error).toMatchObject({ name: 'RedirectError', code: 'redirect-wait' });
    expect([first.waits, first.asked()]).toEqual([[], 1]);
    const third = await job(['10', '10', '11'], { maxWait: '30s' });
    expect((await failed(third.call())).message).toBe(
      'The redirect asks to wait 11000 ms, after 20000 ms of such waits, and a call waits 30000 ms at the most (redirect.maxWait).',
    );
    expect(third.waits).toEqual([10_000, 10_000]);
    const ages = await job(['9'.repeat(10)], undefined, { timeout: 'none' });
    expect((await failed(ages.call())).code).toBe('redirect-wait');
    const none = await job(['1'], { maxWait: 0 });
    expect((await failed(none.call())).code).toBe('redirect-wait');
  });

  it('ends with the deadline of the call', async () => {
    const client = createClient({
      transport: async () =>
        new Response(null, { status: 303, headers: { location: '/', 'retry-after': '20' } }),
      timeout: { total: '20ms' },
    });
    expect((await failed(client.get('http://a.test/'))).code).toBe('timeout');
  });

  it("is the caller's where redirects are not followed", async () => {
    const { call, waits } = await job(['3600'], 'manual');
    expect((await call()).headers.get('retry-after')).toBe('3600');
    expect(waits).toEqual([]);
  });

  it('is a duration', () => {
    expect(() => createClient({ redirect: { maxWait: 30_000 } })).toThrow(TypeError);
  });
});

import { Response as LibraryResponse } from 'undici';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { defineCookie } from '../cookie/define.ts';
import { HttpError } from '../errors.ts';
import { createSessions } from '../session/index.ts';
import type { Session } from '../session/types.ts';
import { memoryStore } from '../store/memory/index.ts';
import { testClock } from '../testing/clock.ts';
import {
  type HandlerResult,
  type PipelineOptions,
  pipeline,
  type RequestContext,
  type ServerEvent,
} from './index.ts';

const clock = testClock(0);
const theme = defineCookie('theme');
const url = 'https://app.example.com/x?token=t';
const get = () => new Request(url);
const forged = () => new Request(url, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });

function serve(
  handler: (
    request: Request,
    context: RequestContext<{ note: string }>,
  ) => HandlerResult | Promise<HandlerResult>,
  options: PipelineOptions<{ note: string }, []> = {},
) {
  const sessions = createSessions<{ note: string }>({ store: memoryStore(), clock });
  return pipeline({ sessions, ...options })(handler);
}

/** The rejections that nobody handles, on which Node ends the process. */
async function unhandledDuring(run: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listen = (error: unknown) => seen.push(error);
  process.on('unhandledRejection', listen);
  await run();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listen);
  return seen;
}

describe('the response of the handler', () => {
  it('passes as it is when there is nothing to say', async () => {
    const response = Response.redirect('https://app.example.com/');
    expect(await serve(() => response)(get())).toBe(response);
  });

  it('S150: is never written to: the handler may give it to the next visitor too', async () => {
    const response = new Response('body');
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      return response;
    })(get());
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('is rebuilt where its headers are immutable', async () => {
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      return Response.redirect('https://app.example.com/next', 303);
    })(get());
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('https://app.example.com/next');
    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  it('may be of a library that has a class of its own', async () => {
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      return new LibraryResponse('theirs', { status: 201, headers: { 'x-own': '1' } });
    })(get());
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([201, '1', 'theirs']);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  it('passes untouched when it switches protocols', async () => {
    class Switch extends Response {
      override get status() {
        return 101;
      }
    }
    const response = new Switch(null);
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      return response;
    })(get());
    expect(answer).toBe(response);
    expect([...answer.headers]).toEqual([]);
  });

  it('streams: no byte is read before the client asks', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      return new Response(body);
    })(get());
    expect(answer.body).toBe(body);
    expect(pulled).toBe(0);
  });

  it('keeps cookies of its own, but for those that the context replaces', async () => {
    const answer = await serve((_, { cookies }) => {
      cookies.set(theme, 'dark');
      const response = new Response();
      response.headers.append('set-cookie', 'own=1');
      response.headers.append('set-cookie', 'theme=light; Path=/');
      response.headers.append('set-cookie', 'theme=light; Path=/other');
      return response;
    })(get());
    expect(answer.headers.getSetCookie().map((line) => line.split('; ').slice(0, 2).join('; '))).toEqual([
      'own=1',
      'theme=light; Path=/other',
      'theme=dark; Path=/',
    ]);
  });
});

describe('what a handler returns beside a response', () => {
  it.each<[string, object, string]>([
    ['an object', { message: 'hi' }, '{"message":"hi"}'],
    ['an object with the keys of a response', { status: 'ok', headers: [] }, '{"status":"ok","headers":[]}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['a list', [1, 2], '[1,2]'],
  ])('S91: %s is JSON', async (_, value, text) => {
    const answer = await serve(() => value)(get());
    expect([answer.status, await answer.text()]).toEqual([200, text]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it.each([undefined, null, 'text', new Map()])('is a TypeError otherwise: %s', async (value) => {
    const events: ServerEvent[] = [];
    const answer = await serve(() => value as object, { onEvent: (event) => events.push(event) })(get());
    expect(answer.status).toBe(500);
    expect(events).toMatchObject([
      {
        type: 'failed',
        error: new TypeError('A handler returns a Response, or a plain object or array to send as JSON.'),
      },
    ]);
  });
});

describe('what a handler throws', () => {
  it('becomes its own answer when it has one', async () => {
    const answer = await serve(() => {
      throw new HttpError('bad-request', 400, 'No.', { headers: { 'x-why': 'because' } });
    })(get());
    expect(answer.status).toBe(400);
    expect(answer.headers.get('x-why')).toBe('because');
    expect(await answer.json()).toEqual({ error: 'bad-request', message: 'No.' });
  });

  it.each([new Error('hush'), 'hush', undefined, null, { getResponse: 'hush' }])(
    'is a bare 500 otherwise, and told to onEvent: %s',
    async (thrown) => {
      const events: ServerEvent[] = [];
      const handle = serve(
        () => {
          throw thrown;
        },
        { onEvent: (event) => events.push(event), clock: testClock(1_000) },
      );
      const answer = await handle(get());
      expect(answer.status).toBe(500);
      expect(await answer.text()).toBe('{"error":"internal"}');
      expect(events).toEqual([
        { type: 'failed', at: 1_000, status: 500, method: 'GET', path: '/x', error: thrown },
      ]);
    },
  );
});

describe('whoever made the error or the response', () => {
  const answering = (getResponse: () => unknown) => () =>
    Object.assign(new Error('hostile'), { getResponse }) as unknown;
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable(new Error('hostile'), {});
    revoke();
    return proxy as unknown;
  };
  const throwing = () => {
    throw new Error('again');
  };

  it.each([
    ['throws another', answering(throwing)],
    ['gives a promise', answering(async () => new Response())],
    ['gives a text', answering(() => 'x')],
    ['gives nothing', answering(() => undefined)],
    ['gives what cannot be sent', answering(() => Response.error())],
    ['has a getter that throws', () => Object.defineProperty(Error(), 'getResponse', { get: throwing })],
    ['is a proxy that was revoked', revoked],
  ])('an error whose answer %s is a bare 500, and the cookies are kept', async (_, make) => {
    const answer = await serve((_request, { cookies }) => {
      cookies.set(theme, 'dark');
      throw make();
    })(get());
    expect([answer.status, await answer.text()]).toEqual([500, '{"error":"internal"}']);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  it('one response for two errors is a bare 500 the second time: its body has gone', async () => {
    const shared = new Response('mine', { status: 418 });
    const handle = serve(() => {
      throw Object.assign(new Error('mine'), { getResponse: () => shared });
    });
    expect(await (await handle(get())).text()).toBe('mine');
    const late = await handle(get());
    expect([late.status, await late.text()]).toEqual([500, '{"error":"internal"}']);
  });

  it('an answer is known by what it has, where a server put its own class in the place of Response', async () => {
    const runtimes = globalThis.Response;
    globalThis.Response = class extends runtimes {};
    try {
      const answer = await serve(() => {
        throw Object.assign(new Error('mine'), { getResponse: () => new runtimes('mine', { status: 418 }) });
      })(get());
      expect([answer.status, await answer.text()]).toEqual([418, 'mine']);
    } finally {
      globalThis.Response = runtimes;
    }
  });

  it.each([
    ['Response.error()', async () => Response.error()],
    [
      'one that was fetched and read',
      async () => {
        const response = await fetch('data:text/plain,read');
        await response.text();
        return response;
      },
    ],
  ])('a response that cannot be sent is a 500 and told: %s', async (_, make) => {
    const events: ServerEvent[] = [];
    const handle = serve(
      (_request, { cookies }) => {
        cookies.set(theme, 'dark');
        return make();
      },
      { onEvent: (event) => events.push(event) },
    );
    const answer = await handle(get());
    expect([answer.status, answer.headers.getSetCookie().length]).toEqual([500, 1]);
    expect(events).toMatchObject([{ type: 'failed', status: 500 }]);
  });
});

describe('the session', () => {
  it('is one object, however often it is asked for', async () => {
    const seen: Session<{ note: string }>[] = [];
    await serve(async (_, context) => {
      seen.push(...(await Promise.all([context.session(), context.session()])));
      return new Response();
    })(get());
    expect(seen[0]).toBe(seen[1]);
  });

  it('is committed also when the handler did not wait for it', async () => {
    const answer = await serve((_, context) => {
      context.session().then((session) => session.set('note', 'x'));
      return new Response();
    })(get());
    expect(answer.headers.getSetCookie()).toHaveLength(1);
  });

  it('cannot be opened, and no cookie be set, once the head has been sent', async () => {
    let late: RequestContext<{ note: string }> | undefined;
    await serve((_, context) => {
      late = context;
      context.cookies.get(theme);
      return new Response();
    })(get());
    await expect(late?.session()).rejects.toThrow('The head of the answer has been sent');
    expect(() => late?.cookies.set(theme, 'dark')).toThrow('The head of the answer has been sent');
    expect(() => late?.cookies.delete(theme)).toThrow('The head of the answer has been sent');
  });

  it('S104: needs createSessions, and the sentence says so', async () => {
    const handle = pipeline({})(async (_, context) => {
      await expect(context.session()).rejects.toThrow('pass sessions: createSessions(…)');
      return new Response();
    });
    expect((await handle(get())).status).toBe(200);
  });
});

describe('hooks', () => {
  it('onRefuse answers a refusal in its own way, or leaves it', async () => {
    const handler = () => new Response('reached');
    const own = serve(handler, {
      onRefuse: (verdict, request) =>
        new Response(`${verdict.reasons[0]?.code} ${request.method}`, { status: 418 }),
    });
    const answer = await own(forged());
    expect([answer.status, await answer.text()]).toEqual([418, 'csrf-cross-site POST']);
    expect(answer.headers.get('vary')).toBe('Sec-Fetch-Site, Origin');
    const left = serve(handler, { onRefuse: () => undefined });
    expect((await left(forged())).status).toBe(403);
  });

  it('S150: the Response that onRefuse gives is never written to: it may be given to the next visitor too', async () => {
    const kept = new Response(null, { status: 418 });
    const handle = serve(() => new Response('reached'), { onRefuse: () => kept });
    expect((await handle(forged())).headers.get('vary')).toBe('Sec-Fetch-Site, Origin');
    expect([...kept.headers]).toEqual([]);
  });

  it.each([null, false, 0, ''])('onRefuse that returns %j lets nothing pass', async (nothing) => {
    const handle = serve(() => new Response('reached'), { onRefuse: () => nothing as never });
    expect((await handle(forged())).status).toBe(403);
  });

  it.each([{ a: 1 }, 'text', true, new Headers()])(
    'an answer of a hook that is no Response is a failure: %j',
    async (answer) => {
      const errors: unknown[] = [];
      const onEvent = (event: ServerEvent) => void (event.type === 'failed' && errors.push(event.error));
      const refusing = serve(() => new Response('reached'), { onRefuse: () => answer as never, onEvent });
      expect((await refusing(forged())).status).toBe(500);
      const failing = serve(
        () => {
          throw new Error('broken');
        },
        { onError: () => answer as never, onEvent },
      );
      expect((await failing(new Request('https://app.example.com/'))).status).toBe(500);
      expect(errors.filter((error) => error instanceof TypeError)).toHaveLength(2);
    },
  );

  it('onRefuse that throws lets nothing pass', async () => {
    const onRefuse = () => {
      throw new Error('a bug');
    };
    expect((await serve(() => new Response('reached'), { onRefuse })(forged())).status).toBe(500);
  });

  it('onEvent may reject where nobody takes its promise', async () => {
    const unhandled = await unhandledDuring(async () => {
      const handle = serve(() => new Response(), { onEvent: () => Promise.reject(new Error('listener')) });
      expect((await handle(forged())).status).toBe(403);
    });
    expect(unhandled).toEqual([]);
  });

  it('onEvent may throw or reject without breaking a request; waitUntil gets its promise', async () => {
    const work: Promise<unknown>[] = [];
    const throwing = serve(() => new Response(), {
      onEvent: () => {
        throw new Error('listener');
      },
    });
    expect((await throwing(forged())).status).toBe(403);
    const rejecting = serve(() => new Response(), {
      onEvent: () => Promise.reject(new Error('listener')),
      waitUntil: (promise) => work.push(promise),
    });
    expect((await rejecting(forged())).status).toBe(403);
    await expect(Promise.all(work)).resolves.toHaveLength(1);
  });

  it('get what the platform passes beside the request', async () => {
    const handle = pipeline<object, [{ ip: string }]>({ address: (_, platform) => platform.ip })(
      (_, context, platform) => Response.json([context.address, platform.ip]),
    );
    expect(await (await handle(get(), { ip: '192.0.2.1' })).json()).toEqual(['192.0.2.1', '192.0.2.1']);
  });
});

it('the types follow the sessions that were passed in', () => {
  const sessions = createSessions<{ note: string }>({ store: memoryStore(), clock });
  pipeline({ sessions })(async (_, context) => {
    expectTypeOf(context).toEqualTypeOf<RequestContext<{ note: string }>>();
    expectTypeOf((await context.session()).get('note')).toEqualTypeOf<string | undefined>();
    expectTypeOf(context.cookies.get(theme)).toEqualTypeOf<string | undefined>();
    return new Response();
  });
});

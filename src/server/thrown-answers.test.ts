import { describe, expect, it, vi } from 'vitest';
import { HttpError } from '../errors.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import {
  type HandlerResult,
  type PipelineOptions,
  pipeline,
  type RequestContext,
  type ServerEvent,
} from './index.ts';

const login = new Request('https://shop.test/login', { method: 'POST' });

/** Signs in, then ends as told. Status, how many cookies are set, body, types of the events. */
async function signInThen(
  end: (context: RequestContext) => HandlerResult | Promise<HandlerResult>,
  options: PipelineOptions<Record<string, unknown>, []> = {},
) {
  const events: ServerEvent[] = [];
  const sessions = createSessions({ store: memoryStore() });
  const handle = pipeline({ sessions, onEvent: (event) => events.push(event), ...options })(
    async (_, context) => {
      (await context.session()).login('ada');
      return end(context);
    },
  );
  const response = await handle(login);
  const reported = events.map((event) => (event.type === 'failed' ? event.error : event.type));
  return [response.status, response.headers.getSetCookie().length, await response.text(), reported];
}

const thrower = (thrown: unknown) => () => {
  throw thrown;
};
/** As Next.js throws it. */
const nextError = (digest: string) => Object.assign(new Error('NEXT'), { digest });

describe('S157: a Response that is thrown is an answer', () => {
  it.each([302, 200, 404])('below 500 a login is kept: %s', async (status) => {
    expect(await signInThen(thrower(new Response('thrown', { status })))).toEqual([status, 1, 'thrown', []]);
  });

  it('from 500 up the request has failed', async () => {
    const end = thrower(new Response('thrown', { status: 503 }));
    expect(await signInThen(end)).toEqual([503, 0, 'thrown', ['writes-dropped']]);
  });

  it('of another realm or library too', async () => {
    const runtimes = globalThis.Response;
    globalThis.Response = class extends runtimes {};
    try {
      expect(await signInThen(thrower(new runtimes('thrown', { status: 303 })))).toEqual([
        303,
        1,
        'thrown',
        [],
      ]);
    } finally {
      globalThis.Response = runtimes;
    }
  });

  it.each([
    ['an error of ours', new HttpError('unauthenticated', 401, 'Sign in first.'), 401],
    [
      'an error with a status and headers',
      Object.assign(new Error(''), { status: 302, headers: new Headers() }),
      500,
    ],
    ['plain data with the keys of a response', { status: 200, headers: [] }, 500],
  ])('%s is a failure, as ever', async (_, thrown, status) => {
    expect((await signInThen(thrower(thrown))).slice(0, 2)).toEqual([status, 0]);
  });
});

/** A response whose body has gone. */
async function used(): Promise<Response> {
  const response = new Response('gone');
  await response.text();
  return response;
}

describe('S157: a request whose response cannot be sent has failed', () => {
  it.each([
    ['of a network error', () => Response.error()],
    ['whose body was read', used],
    ['that is thrown', thrower(Response.error())],
  ])('one %s is a 500, and a login is dropped', async (_, end) => {
    const outcome = await signInThen(end);
    expect(outcome).toEqual([500, 0, '{"error":"internal"}', [expect.any(TypeError), 'writes-dropped']]);
  });

  it('a logout is kept, and so is all after context.keep()', async () => {
    const sessions = createSessions({ store: memoryStore() });
    const session = await sessions.open('');
    session.login('ada');
    const [line = ''] = await sessions.commit(session);
    const handle = pipeline({ sessions, onEvent: () => {} })(async (_, context) => {
      (await context.session()).logout();
      return Response.error();
    });
    const cookie = line.split(';', 1)[0] ?? '';
    expect((await handle(new Request(login, { headers: { cookie } }))).status).toBe(500);
    expect(await sessions.list('ada')).toEqual([]);
    const keeping = (context: RequestContext) => {
      context.keep();
      return Response.error();
    };
    expect((await signInThen(keeping)).slice(0, 2)).toEqual([500, 1]);
  });
});

describe('onError', () => {
  const onError = (error: unknown, request: Request) => {
    const digest = (error as { digest?: string }).digest;
    if (digest === 'NEXT_HTTP_ERROR_FALLBACK;404') return new Response('none', { status: 404 });
    if (digest?.startsWith('NEXT_REDIRECT;')) {
      return Response.redirect(new URL(digest.split(';')[2] ?? '', request.url), 307);
    }
    return digest === 'broken' ? new Response('sorry', { status: 500 }) : undefined;
  };

  it('gives the answer to what a framework throws as one, and a login is kept', async () => {
    const redirect = thrower(nextError('NEXT_REDIRECT;replace;/home;307;'));
    expect(await signInThen(redirect, { onError })).toEqual([307, 1, '', []]);
    const notFound = thrower(nextError('NEXT_HTTP_ERROR_FALLBACK;404'));
    expect(await signInThen(notFound, { onError: async (...given) => onError(...given) })).toEqual([
      404,
      1,
      'none',
      [],
    ]);
  });

  it('from 500 up its answer is a failure, and is told', async () => {
    const error = nextError('broken');
    expect(await signInThen(thrower(error), { onError })).toEqual([
      500,
      0,
      'sorry',
      ['writes-dropped', error].reverse(),
    ]);
  });

  it('that gives nothing leaves the error its own answer', async () => {
    const refusal = new HttpError('unauthenticated', 401, 'Sign in first.');
    expect((await signInThen(thrower(refusal), { onError })).slice(0, 2)).toEqual([401, 0]);
    const other = new Error('hush');
    expect(await signInThen(thrower(other), { onError })).toEqual([
      500,
      0,
      '{"error":"internal"}',
      [other, 'writes-dropped'],
    ]);
  });

  it('is not asked for a Response, and context.fail() says more than its answer', async () => {
    const never = thrower(new Error('asked'));
    expect((await signInThen(thrower(new Response('thrown')), { onError: never })).slice(0, 3)).toEqual([
      200,
      1,
      'thrown',
    ]);
    const end = (context: RequestContext) => {
      context.fail();
      throw new Error('x');
    };
    const outcome = await signInThen(end, { onError: () => new Response('fine') });
    expect(outcome).toEqual([200, 0, 'fine', ['writes-dropped']]);
  });

  it('context.fail() in the midst of a stream changes nothing, and its own error goes on; context.keep() says that it is late', async () => {
    let given: RequestContext | undefined;
    const own = new Error('late');
    const end = (context: RequestContext) => {
      given = context;
      const body = new ReadableStream(
        {
          pull(controller) {
            context.fail(); // As the hook of a framework does that tells of every error.
            controller.error(own);
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    };
    await expect(signInThen(end)).rejects.toBe(own);
    expect(() => given?.keep()).toThrow('The answer has begun');
  });

  it('that throws is a failure, and both errors are told; a Response that it throws is its answer', async () => {
    const first = new Error('first');
    const second = new Error('second');
    expect(await signInThen(thrower(first), { onError: thrower(second) })).toEqual([
      500,
      0,
      '{"error":"internal"}',
      [first, second, 'writes-dropped'],
    ]);
    const onError = thrower(new Response('thrown', { status: 303 }));
    expect(await signInThen(thrower(first), { onError })).toEqual([303, 1, 'thrown', []]);
  });

  it('that gives what cannot be sent is a bare 500', async () => {
    const onError = () => Response.error();
    expect((await signInThen(thrower(new Error('x')), { onError })).slice(0, 3)).toEqual([
      500,
      0,
      '{"error":"internal"}',
    ]);
  });

  it('is asked for a commit that fails', async () => {
    const store = memoryStore();
    store.create = async () => {
      throw new HttpError('store-unavailable', 503, 'Try again.');
    };
    const sessions = createSessions({ store });
    const options = { sessions, onError: () => new Response('come back later', { status: 503 }) };
    expect((await signInThen(() => new Response('done'), options)).slice(0, 3)).toEqual([
      503,
      0,
      'come back later',
    ]);
  });
});

it('S160: an error that a handler throws goes to console.error where nobody listens, and nowhere else where somebody does', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    const error = new Error('the cart is broken');
    expect(await signInThen(thrower(error))).toEqual([
      500,
      0,
      expect.any(String),
      expect.arrayContaining([error]),
    ]);
    expect(log).not.toHaveBeenCalled();
    const [status] = await signInThen(thrower(error), { onEvent: undefined });
    expect([status, log.mock.calls]).toEqual([500, [[error]]]);
  } finally {
    log.mockRestore();
  }
});

it('a session that is first asked for when the head has gone is a TypeError; one that was opened before it is there (Astro)', async () => {
  const sessions = createSessions({ store: memoryStore() });
  const page = (opensEarly: boolean) =>
    pipeline({ sessions })(async (_, context) => {
      if (opensEarly) await context.session();
      const body = new ReadableStream(
        {
          async pull(controller) {
            const read = context.session().then(
              (session) => `user ${session.user ?? 'nobody'}`,
              (error) => error.constructor.name,
            );
            controller.enqueue(new TextEncoder().encode(await read));
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    })(new Request('https://shop.test/'));
  expect(await (await page(false)).text()).toBe('TypeError');
  expect(await (await page(true)).text()).toBe('user nobody');
});

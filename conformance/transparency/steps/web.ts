import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { streamSSE, streamText } from 'hono/streaming';
import type { Client } from '../client/client.ts';
import { type Lab, text } from '../lab.ts';
import { Returned } from '../perform.ts';
import { leaving, pauses } from './waits.ts';

/** The answer that a handler has in mind, until it returns it. */
export interface Draft {
  status: number;
  readonly headers: Headers;
  body: BodyInit | null;
}

/** What a handler of `Request` and `Response` has at hand. */
export interface WebScope {
  readonly request: Request;
  readonly answer: Draft;
  readonly lab: Lab;
  readonly client: Client;
}

/** A handler of Hono has its context too. */
export interface HonoScope extends WebScope {
  readonly c: Context;
}

type WebStep = (scope: WebScope) => unknown;
type HonoStep = (scope: HonoScope) => unknown;

const give = (value: unknown) => new Returned(value);

export const webSteps = {
  head: {
    status: ({ answer }) => {
      answer.status = 201;
    },
    header: ({ answer }) => answer.headers.set('X-One', '1'),
    setCookie: ({ answer }) => {
      answer.headers.append('Set-Cookie', 'mine=1; Path=/');
      answer.headers.append('Set-Cookie', 'yours=2');
    },
    contentType: ({ answer }) => answer.headers.set('Content-Type', 'text/html'),
    publicCache: ({ answer }) => answer.headers.set('Cache-Control', 'public, max-age=60, s-maxage=90'),
    vary: ({ answer }) => answer.headers.set('Vary', 'Accept'),
    contentLength: ({ answer }) => answer.headers.set('Content-Length', '5'),
  },
  body: {
    text: ({ answer }) => {
      answer.body = 'small';
    },
    utf8: ({ answer }) => {
      answer.body = text.utf8;
    },
    large: ({ answer }) => {
      answer.body = text.large;
    },
    bytes: ({ answer }) => {
      answer.body = new Uint8Array([0, 1, 254, 255]);
    },
    form: ({ answer }) => {
      answer.body = new URLSearchParams({ a: '1' });
    },
    stream: ({ answer, lab }) => {
      answer.body = lab.webStream('text');
    },
    largeStream: ({ answer, lab }) => {
      answer.body = lab.webStream('large');
    },
    slowStream: ({ answer, lab }) => {
      answer.body = lab.webStream('slow');
    },
    endlessStream: ({ answer, lab }) => {
      answer.body = lab.webStream('endless');
    },
    echo: ({ answer, request }) => {
      answer.body = request.body;
    },
  },
  end: {
    returnJson: () => give(Response.json({ fine: true })),
    returnRedirect: () => give(Response.redirect('http://localhost/elsewhere', 303)),
    returnNoContent: () => give(new Response(null, { status: 204 })),
    returnNotModified: () => give(new Response(null, { status: 304 })),
    returnShared: ({ lab }) => give(lab.share(() => new Response(null, { status: 204 }))),
    returnSharedText: ({ lab }) => give(lab.share(() => new Response('the same for all')).clone()),
    returnFetched: async ({ lab }) => give(await fetch(lab.upstream('plain'))),
    returnFetchedGzip: async ({ lab }) => give(await fetch(lab.upstream('gzip'))),
    returnFetchedEmpty: async ({ lab }) => give(await fetch(lab.upstream('empty'))),
  },
  wait: {
    ...pauses,
    ...leaving,
  },
  read: {
    readBody: async ({ request }) => (await request.text()).length,
    readPart: async ({ request }) => {
      for await (const _part of (request.body ?? []) as AsyncIterable<Uint8Array>) break;
    },
    cancelBody: ({ request }) => request.body?.cancel(),
    storeFails: ({ request }) => request.body?.pipeTo(fullDisk()).catch((error: Error) => error.message),
  },
  trouble: {
    throwError: () => {
      throw new Error('boom');
    },
    throwText: () => {
      throw 'just text';
    },
    badHeaderValue: ({ answer }) => answer.headers.set('X-One', '日本'),
    badHeaderName: ({ answer }) => answer.headers.set('X One', '1'),
    badStatus: ({ answer }) => {
      answer.status = 99;
    },
    wrongLength: ({ answer }) => answer.headers.set('Content-Length', '3'),
    brokenStream: ({ answer, lab }) => {
      answer.body = lab.webStream('broken');
    },
    breakingStream: ({ answer, lab }) => {
      answer.body = lab.webStream('breaks');
    },
    returnUsed: async () => {
      const used = new Response('{}');
      await used.text();
      return give(used);
    },
    returnFetchedAndRead: async ({ lab }) => {
      const fetched = await fetch(lab.upstream('plain'));
      await fetched.text();
      return give(fetched);
    },
    returnError: () => give(Response.error()),
  },
} as const satisfies Record<string, Record<string, WebStep>>;

export const honoSteps = {
  head: {
    cHeader: ({ c }) => c.header('X-Hono', '1'),
    cStatus: ({ c }) => c.status(202),
    cCookie: ({ c }) => c.header('Set-Cookie', 'hono=1', { append: true }),
  },
  end: {
    cJson: ({ c }) => give(c.json({ fine: true })),
    cText: ({ c }) => give(c.text('small', 400)),
    cBody: ({ c, lab }) => give(c.body(lab.webStream('text'))),
    cRedirect: ({ c }) => give(c.redirect('/elsewhere')),
    cNotFound: ({ c }) => give(c.notFound()),
    cStreamText: ({ c, lab }) =>
      give(
        streamText(c, async (stream) => {
          await stream.write('one ');
          await lab.pause(3);
          await stream.write('two');
        }),
      ),
    cEvents: ({ c }) => give(streamSSE(c, (stream) => stream.writeSSE({ data: 'tick' }))),
    cEventsForEver: ({ c, lab }) =>
      give(
        streamSSE(c, async (stream) => {
          const left = lab.keep('events');
          for (let i = 0; i < 60 && !stream.aborted; i++) {
            await stream.writeSSE({ data: 'tick' });
            await lab.pause(2);
          }
          if (stream.aborted) left();
        }),
      ),
  },
  trouble: {
    throwHttp: () => {
      throw new HTTPException(418, { message: 'no tea' });
    },
  },
} as const satisfies Record<string, Record<string, HonoStep>>;

/** What handlers of requests really do. */
export const webIdioms: readonly (readonly string[])[] = [
  ['returnJson'],
  ['returnShared'],
  ['returnFetched'],
  ['returnFetchedGzip'],
  ['returnFetchedAndRead'],
  ['readPart', 'pause', 'text'],
  ['storeFails', 'pause', 'text'],
  ['cancelBody', 'pause', 'text'],
  ['readBody', 'text'],
  ['leave', 'endlessStream'],
  ['leaveByReset', 'largeStream'],
  ['tick', 'leave', 'slowStream'],
  ['publicCache', 'text'],
  ['contentLength', 'text'],
  ['wrongLength', 'text'],
];

/** What handlers of Hono really do. */
export const honoIdioms: readonly (readonly string[])[] = [
  ...webIdioms,
  ['cHeader', 'cJson'],
  ['leave', 'cEventsForEver'],
  ['cEvents'],
  ['throwHttp'],
];

function fullDisk(): WritableStream {
  let parts = 0;
  return new WritableStream({
    write() {
      if (++parts === 2) throw new Error('The disk is full.');
    },
  });
}

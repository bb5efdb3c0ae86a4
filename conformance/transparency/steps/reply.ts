import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../client/client.ts';
import { type Lab, text } from '../lab.ts';
import { Returned } from '../perform.ts';
import { leaving, pauses, seeing } from './waits.ts';

/** What a handler of Fastify has at hand. */
export interface ReplyScope {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly raw: FastifyReply['raw'];
  readonly lab: Lab;
  readonly client: Client;
  done(name: string): (error?: unknown) => void;
}

type ReplyStep = (scope: ReplyScope) => unknown;

const give = (value: unknown) => new Returned(value);

/** What can be told to a reply of Fastify, by what it is for. */
export const replySteps = {
  head: {
    connectionClose: ({ reply }) => reply.header('Connection', 'close'),
    code: ({ reply }) => reply.code(201),
    header: ({ reply }) => reply.header('X-One', '1'),
    headers: ({ reply }) => reply.headers({ 'X-One': '2', 'X-Two': ['3', '4'] }),
    setCookie: ({ reply }) => reply.header('Set-Cookie', 'mine=1; Path=/').header('Set-Cookie', 'yours=2'),
    removeHeader: ({ reply }) => reply.removeHeader('X-One'),
    type: ({ reply }) => reply.type('text/html'),
    publicCache: ({ reply }) => reply.header('Cache-Control', 'public, max-age=60, s-maxage=90'),
    vary: ({ reply }) => reply.header('Vary', 'Accept'),
    noContent: ({ reply }) => reply.code(204),
    notModified: ({ reply }) => reply.code(304),
    trailer: ({ reply }) => reply.trailer('X-Sum', async () => '12'),
    earlyHints: ({ raw }) => raw.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' }),
    rawHeader: ({ raw }) => raw.setHeader('X-Raw', '1'),
    hijack: ({ reply }) => reply.hijack(),
  },
  end: {
    send: ({ reply }) => reply.send('small'),
    sendUtf8: ({ reply }) => reply.send(text.utf8),
    sendLarge: ({ reply }) => reply.send(text.large),
    sendJson: ({ reply }) => reply.send({ fine: true }),
    sendStatus: ({ reply }) => reply.code(400).send({ error: 'a long description of what was wrong' }),
    sendBytes: ({ reply }) => reply.send(Buffer.from(text.utf8)),
    sendNothing: ({ reply }) => reply.send(),
    sendStream: ({ reply, lab }) => reply.send(lab.stream('text')),
    sendLargeStream: ({ reply, lab }) => reply.send(lab.stream('large')),
    sendSlowStream: ({ reply, lab }) => reply.send(lab.stream('slow')),
    sendFile: ({ reply, lab }) => reply.send(lab.stream('file')),
    sendWebStream: ({ reply, lab }) => reply.send(lab.webStream('text')),
    sendResponse: ({ reply }) => reply.send(new Response('web', { status: 203, headers: { 'X-Web': '1' } })),
    redirect: ({ reply }) => reply.redirect('/elsewhere'),
    notFound: ({ reply }) => reply.callNotFound(),
    returnText: () => give('small'),
    returnJson: () => give({ fine: true }),
    returnStream: ({ lab }) => give(lab.stream('text')),
    returnResponse: () => give(new Response('web', { headers: { 'X-Web': '2', 'Set-Cookie': 'web=1' } })),
    returnShared: ({ lab }) => give(lab.share(() => new Response(null, { status: 204 }))),
    returnFetched: async ({ lab }) => give(await fetch(lab.upstream('plain'))),
  },
  raw: {
    rawEnd: ({ raw }) => raw.end('small'),
    rawWrite: ({ raw }) => raw.write('small'),
    rawWriteHead: ({ raw }) => raw.writeHead(200, { 'X-One': '3' }),
    rawPipe: ({ raw, lab }) => lab.stream('text').pipe(raw),
    rawFlushHeaders: ({ raw }) => raw.flushHeaders(),
  },
  wait: {
    ...pauses,
    ...seeing,
    ...leaving,
    returnReply: ({ reply }) => give(reply),
  },
  trouble: {
    throwError: () => {
      throw new Error('boom');
    },
    throwStatus: () => {
      throw Object.assign(new Error('no tea'), { statusCode: 418 });
    },
    throwText: () => {
      throw 'just text';
    },
    sendError: ({ reply }) => reply.send(new Error('boom')),
    sendErrorStatus: ({ reply }) => reply.code(409).send(new Error('a conflict')),
    badHeaderValue: ({ reply }) => reply.header('X-One', '日本'),
    badHeaderName: ({ reply }) => reply.header('X One', '1'),
    badDisposition: ({ reply }) => reply.header('Content-Disposition', 'attachment; filename="日本.txt"'),
    badCode: ({ reply }) => reply.code(1000),
    badLength: ({ reply }) => reply.header('Content-Length', '3'),
    objectAsHtml: ({ reply }) => reply.type('text/html').send({ a: 1 }),
    sendCircular: ({ reply }) => {
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      return reply.send(circle);
    },
    sendBroken: ({ reply, lab }) => reply.send(lab.stream('broken')),
    sendBreaks: ({ reply, lab }) => reply.send(lab.stream('breaks')),
    sendMissing: ({ reply, lab }) => reply.send(lab.stream('missing')),
    sendWebBroken: ({ reply, lab }) => reply.send(lab.webStream('broken')),
    sendUsedResponse: async ({ reply }) => {
      const used = new Response('{}');
      await used.text();
      reply.send(used);
    },
    returnFetchedAndRead: async ({ lab }) => {
      const fetched = await fetch(lab.upstream('plain'));
      await fetched.text();
      return give(fetched);
    },
    rawDestroy: ({ raw }) => raw.destroy(),
    destroySocket: ({ request }) => request.raw.socket.destroy(),
  },
} as const satisfies Record<string, Record<string, ReplyStep>>;

/** What handlers of Fastify really do. */
export const replyIdioms: readonly (readonly string[])[] = [
  ['returnJson'],
  ['sendJson', 'returnReply'],
  ['sendStatus', 'sendJson'],
  ['sendJson', 'throwError'],
  ['sendStatus', 'returnReply', 'throwError'],
  ['hijack', 'rawWriteHead', 'rawWrite', 'rawEnd'],
  ['hijack', 'rawWriteHead', 'rawPipe'],
  ['rawWriteHead', 'rawEnd', 'returnReply'],
  ['badDisposition', 'returnText'],
  ['badDisposition', 'sendBytes'],
  ['sendMissing', 'returnReply'],
  ['returnFetched'],
  ['returnFetchedAndRead'],
  ['returnShared'],
  ['publicCache', 'returnText'],
  ['type', 'sendBytes', 'leave'],
  ['redirect', 'returnReply'],
];

import type { Http2ServerResponse } from 'node:http2';
import { finished, pipeline } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import type { Client } from '../client/client.ts';
import { type Lab, page, text } from '../lab.ts';
import { leaving, pauses, seeing } from './waits.ts';

/** What a handler of Node's own messages has at hand. The response is Express's where Express serves, and Node's elsewhere. */
export interface ResponseScope {
  readonly req: Request;
  readonly res: Response;
  readonly next: NextFunction;
  readonly lab: Lab;
  readonly client: Client;
  /** A callback whose calls are noted. */
  done(name: string): (error?: unknown) => void;
}

export type ResponseStep = (scope: ResponseScope) => unknown;

/** What can be told to a response of node:http, by what it is for. A step is shown as it stands here. */
export const responseSteps = {
  head: {
    status: ({ res }) => {
      res.statusCode = 201;
    },
    statusMessage: ({ res }) => {
      res.statusMessage = 'Fine';
    },
    setHeader: ({ res }) => res.setHeader('X-One', '1'),
    setHeaderList: ({ res }) => res.setHeader('X-List', ['a', 'b']),
    addToList: ({ res }) => {
      const list = res.getHeader('X-List') ?? res.getHeader('Set-Cookie');
      if (Array.isArray(list)) list.push('late=1');
    },
    setCookie: ({ res }) => res.setHeader('Set-Cookie', ['mine=1; Path=/', 'yours=2']),
    appendHeader: ({ res }) => res.appendHeader('X-One', '2'),
    removeHeader: ({ res }) => res.removeHeader('X-One'),
    contentType: ({ res }) => res.setHeader('Content-Type', 'text/html; charset=utf-8'),
    contentLength: ({ res }) => res.setHeader('Content-Length', '5'),
    publicCache: ({ res }) => res.setHeader('Cache-Control', 'public, max-age=60, s-maxage=90'),
    vary: ({ res }) => res.setHeader('Vary', 'Accept'),
    noDate: ({ res }) => {
      res.sendDate = false;
    },
    writeHead: ({ res }) => res.writeHead(200, { 'X-One': '3', 'Content-Type': 'text/plain' }),
    writeHeadMessage: ({ res }) => res.writeHead(203, 'So they say', { 'X-One': '4' }),
    writeHeadList: ({ res }) => res.writeHead(200, ['X-One', '5', 'X-Two', '6', 'X-Two', '7']),
    writeHeadPairs: ({ res }) =>
      res.writeHead(200, [
        ['X-One', '8'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ] as never),
    writeHeadLength: ({ res }) => res.writeHead(200, { 'Content-Length': '5' }),
    noContent: ({ res }) => res.writeHead(204),
    notModified: ({ res }) => {
      res.statusCode = 304;
    },
    flushHeaders: ({ res }) => res.flushHeaders(),
    earlyHints: ({ res }) => res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' }),
    processing: ({ res }) => res.writeProcessing(),
    connectionClose: ({ res }) => res.setHeader('Connection', 'close'),
    trailerHeader: ({ res }) => res.setHeader('Trailer', 'X-Sum'),
    events: ({ res }) =>
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }),
  },
  body: {
    write: ({ res }) => res.write('small'),
    writeUtf8: ({ res, done }) => res.write(text.utf8, done('write')),
    writeLatin1: ({ res }) => res.write('gr\u00fc\u00df', 'latin1'),
    writeBytes: ({ res }) => res.write(new Uint8Array([0, 1, 254, 255])),
    writeLarge: ({ res, done }) => res.write(text.large, done('write')),
    writeNothing: ({ res }) => res.write(''),
    writeEvent: ({ res }) => res.write('data: tick\n\n'),
    flush: ({ res }) => (res as { flush?(): void }).flush?.(),
    cork: ({ res }) => res.cork(),
    uncork: ({ res }) => res.uncork(),
    addTrailers: ({ res }) => res.addTrailers({ 'X-Sum': '12' }),
  },
  end: {
    end: ({ res }) => res.end(),
    endText: ({ res, done }) => res.end('small', done('end')),
    endUtf8: ({ res }) => res.end(text.utf8),
    endAgain: ({ res, done }) => void (res.writableEnded && res.end(done('end again'))),
    endLarge: ({ res, done }) => res.end(text.large, done('end')),
    endBytes: ({ res }) => res.end(Buffer.from([0, 1, 254, 255])),
    pipe: ({ res, lab }) => lab.stream('text').pipe(res),
    pipeLarge: ({ res, lab }) => lab.stream('large').pipe(res),
    pipeSlow: ({ res, lab }) => lab.stream('slow').pipe(res),
    pipeline: ({ res, lab, done }) => pipeline(lab.stream('text'), res, done('pipeline')),
    pipelineBreaks: ({ res, lab, done }) => pipeline(lab.stream('breaks'), res, done('pipeline')),
    pipelineBroken: ({ res, lab, done }) => pipeline(lab.stream('broken'), res, done('pipeline')),
    pipeFile: ({ res, lab }) => lab.stream('file').pipe(res),
    pipeMissing: ({ res, lab, next }) => lab.stream('missing').on('error', next).pipe(res),
    pipeBreaks: ({ res, lab }) =>
      lab
        .stream('breaks')
        .on('error', () => res.destroy())
        .pipe(res),
    writeUntilFull: async ({ res, lab }) => {
      for (let i = 0; i < 30; i++) if (!res.write(text.large.slice(0, 1 << 16))) await roomIn(res, lab);
      res.end();
    },
  },
  wait: {
    ...pauses,
    ...seeing,
    ...leaving,
    finish: ({ res }) => new Promise<void>((resolve) => finished(res, () => resolve())),
  },
  read: {
    readBody: async ({ req }) => {
      let length = 0;
      for await (const chunk of req) length += chunk.length;
      return length;
    },
  },
  trouble: {
    throwError: () => {
      throw new Error('boom');
    },
    throwStatus: () => {
      throw Object.assign(new Error('no tea'), { status: 418, statusCode: 418, expose: true });
    },
    throwText: () => {
      throw 'just text';
    },
    badHeaderName: ({ res }) => res.setHeader('X One', '1'),
    badHeaderValue: ({ res }) => res.setHeader('X-One', '日本'),
    badHeaderLine: ({ res }) => res.setHeader('X-One', 'a\r\nX-Two: b'),
    badMessage: ({ res }) => {
      res.statusMessage = 'ok\nx';
    },
    badWriteHeadMessage: ({ res }) => res.writeHead(200, 'ok\nx'),
    badWriteHeadValue: ({ res }) => res.writeHead(200, { 'X-One': 'a\nb' }),
    badWriteHeadName: ({ res }) => res.writeHead(200, { 'X One': 'a' }),
    badStatus: ({ res }) => {
      res.statusCode = 99;
    },
    badWriteHeadStatus: ({ res }) => res.writeHead(1000),
    undefinedHeader: ({ res }) => res.setHeader('X-One', undefined as never),
    undefinedInHead: ({ res }) => res.writeHead(200, { 'X-One': undefined as never }),
    writeNumber: ({ res }) => res.write(5 as never),
    writeNull: ({ res }) => res.write(null as never),
    endObject: ({ res }) => res.end({} as never),
    badTrailer: ({ res }) => res.addTrailers({ 'X-Sum': 'a\nb' }),
    strictLength: ({ res }) => {
      res.strictContentLength = true;
    },
    destroy: ({ res }) => res.destroy(),
    destroyError: ({ res }) => res.destroy(new Error('given up')),
    destroySocket: ({ req }) => req.socket.destroy(),
  },
} as const satisfies Record<string, Record<string, ResponseStep>>;

/** What only Express's response and `next` can do. */
export const expressSteps = {
  head: {
    type: ({ res }) => res.type('html'),
    location: ({ res }) => res.location('/elsewhere'),
    cookie: ({ res }) => res.cookie('theirs', '1', { httpOnly: true }),
    clearCookie: ({ res }) => res.clearCookie('theirs'),
    attachment: ({ res }) => res.attachment('report.txt'),
    attachmentUtf8: ({ res }) => res.setHeader('Content-Disposition', 'attachment; filename="日本.txt"'),
  },
  end: {
    json: ({ res }) => res.json({ fine: true }),
    jsonStatus: ({ res }) => res.status(400).json({ error: 'a long description of what was wrong' }),
    send: ({ res }) => res.send('<p>hello'),
    sendLarge: ({ res }) => res.send(text.large),
    sendBytes: ({ res }) => res.send(Buffer.from(text.utf8)),
    sendStatus: ({ res }) => res.sendStatus(404),
    redirect: ({ res }) => res.redirect('/elsewhere'),
    redirectStatus: ({ res }) => res.redirect(303, '/elsewhere?a=ü'),
    sendFile: ({ res }) => res.sendFile(page, { maxAge: 60_000 }),
    sendFileDone: ({ res, done }) => res.sendFile(page, done('sendFile')),
    sendFileMissing: ({ res }) => res.sendFile(`${page}.missing`),
    download: ({ res }) => res.download(page, 'page.html'),
    jsonCircular: ({ res }) => {
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      res.json(circle);
    },
  },
  trouble: {
    next: ({ next }) => next(),
    nextError: ({ next }) => next(new Error('boom')),
    nextStatus: ({ next }) => next(Object.assign(new Error('no tea'), { status: 418 })),
    nextText: ({ next }) => next('just text'),
  },
} as const satisfies Record<string, Record<string, ResponseStep>>;

/** What only a response of HTTP/2 can do: to tell its stream. */
export const streamSteps = {
  head: {
    streamRespond: ({ res }) => streamOf(res).respond({ ':status': 203, 'X-One': '6' }),
    streamRespondChanged: ({ res }) => {
      const headers = { ':status': 200, 'X-List': ['a'] };
      streamOf(res).respond(headers);
      headers[':status'] = 203;
      headers['X-List'].push('late');
    },
    streamRespondList: ({ res }) =>
      streamOf(res).respond([':status', '200', 'X-One', '7', 'X-One', '8'] as never),
  },
  end: {
    streamEnd: ({ res }) => void streamOf(res).end('small'),
    streamFile: ({ res }) => streamOf(res).respondWithFile(page, { 'X-One': '9' }),
    streamFileMissing: ({ res }) =>
      streamOf(res).respondWithFile(
        `${page}.missing`,
        {},
        { onError: () => streamOf(res).respond({ ':status': 404 }, { endStream: true }) },
      ),
  },
  trouble: {
    streamClose: ({ res }) => streamOf(res).close(2),
  },
} as const satisfies Record<string, Record<string, ResponseStep>>;

const streamOf = (res: Response) => (res as unknown as Http2ServerResponse).stream;

/** What handlers of Node's responses really do. */
export const responseIdioms: readonly (readonly string[])[] = [
  ['events', 'flushHeaders', 'writeEvent', 'seen', 'writeEvent', 'end'],
  ['events', 'writeEvent', 'flush', 'seen', 'leave'],
  ['contentType', 'write', 'flush', 'seen', 'endText'],
  ['contentType', 'flushHeaders', 'write', 'end'],
  ['contentType', 'flushHeaders', 'pipe'],
  ['trailerHeader', 'write', 'addTrailers', 'end'],
  ['writeHeadLength', 'endText'],
  ['earlyHints', 'contentType', 'endText'],
  ['readBody', 'endText'],
  ['strictLength', 'contentLength', 'write', 'endText'],
  ['endText', 'tick', 'write'],
  ['endText', 'finish', 'pause'],
  ['endText', 'tick', 'endAgain'],
  ['cork', 'write', 'writeUtf8', 'uncork', 'end'],
  ['badMessage', 'endText'],
  ['endText', 'throwError'],
  ['writeUntilFull'],
];

/** What handlers of Express really do. */
export const expressIdioms: readonly (readonly string[])[] = [
  ...responseIdioms,
  ['json'],
  ['jsonStatus', 'json'],
  ['json', 'throwError'],
  ['json', 'next'],
  ['json', 'nextError'],
  ['json', 'pause', 'throwError'],
  ['sendFile'],
  ['serveStatic'],
  ['redirect', 'json'],
  ['cookie', 'json'],
  ['badMessage', 'json'],
  ['attachmentUtf8', 'sendBytes'],
  ['throwStatus'],
  ['publicCache', 'json'],
];

function roomIn(res: Response, lab: Lab): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      res.off('drain', go).off('close', go);
      lab.stir();
      resolve();
    };
    res.on('drain', go).on('close', go);
  });
}

import serverlessExpress from '@codegenie/serverless-express';
import express from 'express';
import serverlessHttp from 'serverless-http';
import type { Client } from '../client/client.ts';
import { bodyOf } from '../client/read-answers.ts';
import type { Answer } from '../transcript.ts';
import { express5Host, expressApp } from './express.ts';
import type { Host, Run } from './host.ts';

type Serve = (event: object, context: object) => Promise<unknown>;

/** There is no connection: the answer comes whole, when the function has returned. */
const nobody: Client = {
  begin() {},
  arrived: 0,
  isDone: true,
  async leave() {},
  read() {},
  answers: [],
  connection: 'none',
  close() {},
};

const hostOf = (make: (app: object) => Serve): Host => ({
  steps: { ...express5Host.steps, wait: ['tick', 'pause', 'finish'] },
  show: express5Host.show,
  idioms: [['json'], ['redirect'], ['sendFile'], ['jsonStatus', 'json'], ['cookie', 'send']],
  around: express5Host.around,
  async invoke(run) {
    run.client = nobody;
    const serve = make(expressApp(run, express));
    return readResult(await serve(eventOf(run), {}));
  },
});

export const codegenieHost: Host = hostOf((app) => {
  const serve = serverlessExpress({ app });
  return (event, context) => serve(event, context);
});
export const serverlessHttpHost: Host = hostOf(serverlessHttp);

/** A request as API Gateway hands it over, format 2.0. */
function eventOf({ program, visit }: Run): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: program.path,
    rawQueryString: '',
    cookies: visit.cookie === undefined ? [] : [visit.cookie],
    headers: {
      host: 'localhost',
      'accept-encoding': 'gzip',
      ...(visit.cookie === undefined ? {} : { cookie: visit.cookie }),
      ...(program.conditional ? { 'if-none-match': '*' } : {}),
    },
    requestContext: {
      http: {
        method: program.method,
        path: program.path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      stage: '$default',
    },
    isBase64Encoded: false,
    ...(program.method === 'POST' ? { body: 'some text' } : {}),
  };
}

interface Result {
  statusCode: number;
  headers?: Record<string, string | string[]>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body?: string;
  isBase64Encoded?: boolean;
}

function readResult(result: unknown): Answer {
  const {
    statusCode,
    headers = {},
    multiValueHeaders = {},
    cookies = [],
    body = '',
    isBase64Encoded,
  } = result as Result;
  const listed = [...Object.entries(headers), ...Object.entries(multiValueHeaders)].flatMap(
    ([name, values]) => [values].flat().map((value) => [name, String(value)] as const),
  );
  return {
    interim: [],
    status: String(statusCode),
    headers: [...listed, ...cookies.map((line) => ['set-cookie', line] as const)],
    body: bodyOf(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')),
    trailers: [],
    complete: true,
  };
}

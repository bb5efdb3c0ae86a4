import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Failure } from '../command.ts';
import type { FilledRequest } from './planned-request.ts';

/** What a request was answered with. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  /** Where it leads, without the query; empty when it leads nowhere. */
  readonly location: string;
  /** Its Set-Cookie lines. */
  readonly cookies: readonly string[];
  readonly text: string;
}

/** Longer than any request of an app that is not stuck, in ms. */
export const longest = 15_000;

/** More than any page that shows what a session holds, in octets. */
const mostOctets = 1_000_000;

/** A request on a connection of its own, both of which begin when it is told to go out: as a whole, or all of it but for its last octet. */
export class TimedRequest {
  /** Rejects with a {@link Failure}. */
  readonly answer: Promise<Answer>;
  readonly #begin: () => ClientRequest;
  readonly #body: Buffer;
  #request: ClientRequest | undefined;
  #sent = 0;

  /** @param name of the request, for errors @param patience in ms */
  constructor(
    origin: URL,
    filled: FilledRequest,
    name: string,
    stop: AbortSignal | undefined,
    patience: number = longest,
  ) {
    const { method, path, headers, body = '' } = filled;
    this.#body = Buffer.from(body);
    const hasLength = this.#body.length > 0 || !['GET', 'HEAD'].includes(method);
    const length = hasLength ? { 'content-length': this.#body.length } : {};
    const url = urlOf(origin, path);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.answer = promise;
    promise.catch(() => {});
    this.#begin = () => {
      const late = AbortSignal.timeout(patience);
      const signal = AbortSignal.any([late, ...(stop === undefined ? [] : [stop])]);
      const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(url, { method, headers: { ...headers, ...length }, agent: false, signal });
      answerTo(request, url).then(resolve, (error) => {
        request.destroy();
        const why = late.aborted ? `no answer in ${patience / 1000} s` : whyOf(error);
        reject(new Failure(`${name} failed: ${why}.`));
      });
      return request;
    };
  }

  /** Sends all but the last octet: the app has the request, and waits for the end of its body. */
  sendAllButLast(): void {
    const request = this.#begun();
    this.#sent = this.#body.length - 1;
    request.write(this.#body.subarray(0, this.#sent));
    if (this.#sent === 0) request.flushHeaders();
  }

  /** Sends what is not sent yet. */
  finish(): void {
    this.#begun().end(this.#body.subarray(this.#sent));
  }

  #begun(): ClientRequest {
    this.#request ??= this.#begin();
    return this.#request;
  }
}

/** A path of that origin, whatever stands in it: `//host` is no host there. */
export function urlOf(origin: URL, path: string): URL {
  return new URL(origin.origin + path);
}

function answerTo(request: ClientRequest, url: URL): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let isAnswered = false;
  request.once('response', (message) => {
    isAnswered = true;
    readAnswer(message, url).then(resolve, reject);
  });
  request.once('upgrade', ({ statusCode }, socket) => {
    socket.destroy();
    reject(new Failure(`it is answered ${statusCode}, which is no answer over HTTP`));
  });
  request.once('error', reject);
  request.once('close', () => {
    if (!isAnswered) reject(new Failure('the connection was closed without an answer'));
  });
  return promise;
}

async function readAnswer(message: IncomingMessage, url: URL): Promise<Answer> {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > mostOctets) throw new Failure('the answer has more than 1 MB');
    chunks.push(chunk);
  }
  const { statusCode = 0, headers } = message;
  const [location = ''] = (headers.location ?? '').split(/[?#]/, 1);
  const text = Buffer.concat(chunks).toString();
  return { url, status: statusCode, location, cookies: headers['set-cookie'] ?? [], text };
}

function whyOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return name === 'AbortError' ? 'it was stopped' : (code ?? 'the connection broke');
}

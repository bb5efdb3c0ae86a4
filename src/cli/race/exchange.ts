import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Failure } from '../command.ts';
import type { FilledRequest } from './template.ts';

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
const longest = 15_000;

/** A request on a connection of its own that goes out when it is told to: as a whole, or all of it but for its last octet. */
export class Exchange {
  /** Rejects with a {@link Failure}. */
  readonly answer: Promise<Answer>;
  readonly #request: ClientRequest;
  readonly #socket: Socket;
  readonly #body: Buffer;
  #sent = 0;

  private constructor(request: ClientRequest, socket: Socket, body: Buffer, url: URL, name: string) {
    this.#request = request;
    this.#socket = socket;
    this.#body = body;
    this.answer = answerTo(request, url).catch((error) => {
      throw failure(name, error);
    });
    this.answer.catch(() => {});
  }

  /** Opens the connection, and sends nothing. @throws Failure */
  static async open(
    origin: URL,
    { method, path, headers, body = '' }: FilledRequest,
    name: string,
    stop: AbortSignal | undefined,
  ): Promise<Exchange> {
    const signal = AbortSignal.any([AbortSignal.timeout(longest), ...(stop === undefined ? [] : [stop])]);
    const octets = Buffer.from(body);
    const url = new URL(path, origin);
    try {
      const socket = await connected(origin, signal);
      socket.cork();
      const send = origin.protocol === 'https:' ? httpsRequest : httpRequest;
      const length = octets.length > 0 || !['GET', 'HEAD'].includes(method);
      const request = send(url, {
        method,
        headers: { ...headers, ...(length && { 'content-length': octets.length }) },
        createConnection: () => socket,
        signal,
      });
      return new Exchange(request, socket, octets, url, name);
    } catch (error) {
      throw failure(name, error);
    }
  }

  /** Sends all but the last octet: the app has the request, and waits for the end of its body. */
  sendAllButLast(): void {
    this.#sent = this.#body.length - 1;
    this.#request.write(this.#body.subarray(0, this.#sent));
    if (this.#sent === 0) this.#request.flushHeaders();
    this.#socket.uncork();
  }

  /** Sends what is not sent yet. */
  finish(): void {
    this.#request.end(this.#body.subarray(this.#sent));
    this.#socket.uncork();
  }
}

async function connected({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<Socket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:') {
    const socket = connectTls({ host, port: Number(port || 443), servername: host });
    await once(socket, 'secureConnect', { signal });
    return socket;
  }
  const socket = connect({ host, port: Number(port || 80), noDelay: true });
  await once(socket, 'connect', { signal });
  return socket;
}

async function answerTo(request: ClientRequest, url: URL): Promise<Answer> {
  const [message] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += chunk;
  const { statusCode = 0, headers } = message;
  const [location = ''] = (headers.location ?? '').split(/[?#]/, 1);
  return { url, status: statusCode, location, cookies: headers['set-cookie'] ?? [], text };
}

function failure(name: string, error: unknown): Failure {
  const { code, name: kind } = error as NodeJS.ErrnoException;
  const why = kind === 'TimeoutError' || kind === 'AbortError' ? `no answer in ${longest / 1000} s` : code;
  return new Failure(`${name} failed: ${why ?? 'the connection broke'}.`);
}

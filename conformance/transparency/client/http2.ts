import * as http2 from 'node:http2';
import type { Lab } from '../lab.ts';
import type { Program } from '../program.ts';
import type { Answer } from '../transcript.ts';
import { type Client, nextPath } from './client.ts';
import { bodyOf } from './read-answers.ts';

/** A client of HTTP/2. */
export class Http2Client implements Client {
  readonly #program: Program;
  readonly #lab: Lab;
  readonly #cookie: string | undefined;
  readonly #session: http2.ClientHttp2Session;
  readonly #streams: Exchange[] = [];
  #end: 'open' | 'closed' | 'reset' = 'open';
  #hasLeft = false;

  constructor(program: Program, port: number, cookie: string | undefined, lab: Lab) {
    this.#program = program;
    this.#lab = lab;
    this.#cookie = cookie;
    this.#session = http2.connect(`http://127.0.0.1:${port}`);
    this.#session.on('error', () => this.#over('reset')).on('close', () => this.#over('closed'));
  }

  begin(): void {
    const { method, path, client, conditional, upload } = this.#program;
    const headers = {
      ...(this.#cookie === undefined ? {} : { cookie: this.#cookie }),
      ...(conditional ? { 'if-none-match': '*' } : {}),
      ...(method === 'POST' ? { 'content-type': 'text/plain' } : {}),
    };
    this.#send({ ':method': method, ':path': path, ...headers }, upload === 'none' ? undefined : 'some text');
    if (client === 'pipelined') this.#ask();
    const leaves = client === 'gone' ? 'close' : client === 'reset' ? 'reset' : undefined;
    if (leaves !== undefined) this.#lab.arrived.then(() => this.leave(leaves));
  }

  #ask(): void {
    this.#send({ ':path': nextPath }, undefined);
  }

  #send(headers: http2.OutgoingHttpHeaders, body: string | undefined): void {
    const request = this.#session.request(headers, { endStream: body === undefined });
    if (body !== undefined) request.end(body);
    const stream = new Exchange(request, this.#lab, () => {
      if (this.#program.client === 'again' && this.#streams.length === 1 && this.#end === 'open') this.#ask();
    });
    if (this.#program.client === 'slow') request.pause();
    this.#streams.push(stream);
  }

  #over(how: 'closed' | 'reset'): void {
    if (this.#end === 'open') this.#end = how;
    this.#lab.stir();
  }

  get arrived(): number {
    return this.#streams[0]?.length ?? 0;
  }

  get isDone(): boolean {
    return this.#hasLeft || this.#end !== 'open' || this.#streams.every(({ over }) => over);
  }

  async leave(how: 'close' | 'reset'): Promise<void> {
    this.#hasLeft = true;
    if (how === 'reset') this.#streams[0]?.request.close(http2.constants.NGHTTP2_CANCEL);
    else this.#session.destroy();
    await this.#lab.pause(6);
  }

  read(): void {
    for (const { request } of this.#streams) request.resume();
  }

  get answers(): Answer[] {
    const answers = this.#streams.map((stream) => stream.answer);
    const none = answers.indexOf(undefined);
    return (none < 0 ? answers : answers.slice(0, none)) as Answer[];
  }

  get connection(): string {
    return this.#hasLeft ? 'left' : this.#end;
  }

  close(): void {
    this.#hasLeft = true;
    this.#session.destroy();
  }
}

/** One stream. */
class Exchange {
  readonly request: http2.ClientHttp2Stream;
  over = false;
  length = 0;
  readonly #chunks: Buffer[] = [];
  readonly #interim: string[] = [];
  #head: Headers | undefined;
  #trailers: Headers = [];
  #complete = false;

  constructor(request: http2.ClientHttp2Stream, lab: Lab, done: () => void) {
    this.request = request;
    request
      .on('headers', (headers) =>
        this.#interim.push(
          pairs(headers)
            .map((pair) => pair.join(': '))
            .join(' | '),
        ),
      )
      .on('response', (headers) => {
        this.#head = pairs(headers);
        lab.stir();
      })
      .on('trailers', (headers) => {
        this.#trailers = pairs(headers);
      })
      .on('data', (chunk: Buffer) => {
        this.#chunks.push(chunk);
        this.length += chunk.length;
        lab.stir();
      })
      .on('end', () => {
        this.#complete = request.rstCode === http2.constants.NGHTTP2_NO_ERROR;
      })
      .on('error', () => {})
      .on('close', () => {
        this.over = true;
        lab.stir();
        done();
      });
  }

  get answer(): Answer | undefined {
    if (this.#head === undefined) return undefined;
    const [[, status] = ['', '']] = this.#head;
    return {
      interim: this.#interim,
      status,
      headers: this.#head.slice(1),
      body: bodyOf(Buffer.concat(this.#chunks)),
      trailers: this.#trailers,
      complete: this.#complete,
    };
  }
}

type Headers = (readonly [name: string, value: string])[];

function pairs(headers: http2.IncomingHttpHeaders): Headers {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, String(one)] as const),
  );
}

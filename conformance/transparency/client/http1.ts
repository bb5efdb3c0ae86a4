import net from 'node:net';
import type { Lab } from '../lab.ts';
import type { Program } from '../program.ts';
import type { Answer } from '../transcript.ts';
import { type Client, nextPath } from './client.ts';
import { contentOf, finishAnswer, type Reading, readAnswers } from './read-answers.ts';

/** A client that writes its octets itself. */
export class Http1Client implements Client {
  readonly #program: Program;
  readonly #lab: Lab;
  readonly #cookie: string | undefined;
  readonly #socket: net.Socket;
  readonly #chunks: Buffer[] = [];
  readonly #methods: string[] = [];
  #end: 'open' | 'closed' | 'reset' = 'open';
  #hasLeft = false;
  /** True while parts of the request are still to be sent. */
  #sends = false;
  #read: Reading | undefined;

  constructor(program: Program, port: number, cookie: string | undefined, lab: Lab) {
    this.#program = program;
    this.#lab = lab;
    this.#cookie = cookie;
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    if (program.client === 'slow') this.#socket.pause();
    this.#socket
      .on('data', (chunk) => this.#take(chunk))
      .on('end', () => this.#over('closed'))
      .on('error', () => this.#over('reset'))
      .on('close', () => this.#over('closed'));
    if (program.client === 'slow') this.#socket.pause();
  }

  begin(): void {
    const { method, path, upload, client } = this.#program;
    this.#methods.push(method);
    const parts = method === 'POST' ? uploads[upload] : [];
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#socket.write(this.#head(method, path, length) + (parts[0] ?? ''));
    const rest = parts.length > 1 ? this.#sendRest(parts.slice(1)) : undefined;
    if (client === 'pipelined') rest === undefined ? this.#ask() : void rest.then(() => this.#ask());
    if (client === 'gone') this.#socket.end(() => this.#socket.destroy());
    if (client === 'reset') this.#lab.pause(1).then(() => this.#socket.resetAndDestroy());
    if (client === 'gone' || client === 'reset') this.#hasLeft = true;
  }

  #head(method: string, path: string, length: number): string {
    const { client, conditional, framework } = this.#program;
    return [
      `${method} ${path} HTTP/1.${client === 'old' ? 0 : 1}`,
      'Host: localhost',
      'Accept-Encoding: gzip',
      ...(this.#cookie === undefined ? [] : [`Cookie: ${this.#cookie}`]),
      ...(conditional ? ['If-None-Match: *'] : []),
      ...(client === 'closing' ? ['Connection: close'] : []),
      ...(framework === 'upgrade' ? upgrade : []),
      ...(method === 'POST' ? ['Content-Type: text/plain', `Content-Length: ${length}`] : []),
      '\r\n',
    ].join('\r\n');
  }

  async #sendRest(parts: readonly string[]): Promise<void> {
    this.#sends = true;
    for (const part of parts) {
      await this.#lab.pause(6);
      if (this.#socket.writable) this.#socket.write(part);
    }
    this.#sends = false;
    this.#askAgain();
  }

  #ask(): void {
    this.#methods.push('GET');
    this.#socket.write(`GET ${nextPath} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  #take(chunk: Buffer): void {
    this.#lab.stir();
    this.#chunks.push(chunk);
    this.#read = undefined;
    this.#askAgain();
  }

  #askAgain(): void {
    const mayAsk =
      !this.#sends && this.#program.client === 'again' && this.#methods.length === 1 && this.#end === 'open';
    if (mayAsk && this.#reading.answers[0]?.complete) this.#ask();
  }

  #over(how: 'closed' | 'reset'): void {
    if (this.#end === 'open') this.#end = how;
    this.#read = undefined;
    this.#lab.stir();
  }

  get #reading(): Reading {
    this.#read ??= readAnswers(Buffer.concat(this.#chunks), this.#methods, this.#end !== 'open');
    return this.#read;
  }

  get arrived(): number {
    const [first] = this.#reading.answers;
    return first === undefined ? 0 : contentOf(first).length;
  }

  get isDone(): boolean {
    const { answers } = this.#reading;
    if (this.#hasLeft || this.#end !== 'open') return true;
    if (this.#sends) return false;
    return answers.length === this.#methods.length && answers.every(({ complete }) => complete);
  }

  async leave(how: 'close' | 'reset'): Promise<void> {
    this.#hasLeft = true;
    if (how === 'reset') this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    await this.#lab.pause(6);
  }

  read(): void {
    this.#socket.resume();
  }

  get answers(): Answer[] {
    return this.#reading.answers.map(finishAnswer);
  }

  get connection(): string {
    const { surplus } = this.#reading;
    if (this.#hasLeft) return 'left';
    return surplus === '' ? this.#end : `${this.#end}, with surplus ${JSON.stringify(surplus)}`;
  }

  close(): void {
    this.#hasLeft = true;
    this.#socket.destroy();
  }
}

const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

const uploads = {
  none: [],
  small: ['some text'],
  parts: Array<string>(3).fill('u'.repeat(100_000)),
} as const;

import type { FastifyReply } from 'fastify';
import type { ResponseHead } from '../../server/exchange.ts';
import { linesOf } from '../node/head.ts';

/** The head of a reply of Fastify, before it is written. */
export class ReplyHead implements ResponseHead {
  readonly #reply: FastifyReply;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
  }

  get(name: string): string | null {
    const value = this.#reply.getHeader(name);
    if (value === undefined) return null;
    return Array.isArray(value) ? value.join(', ') : String(value);
  }

  set(name: string, value: string): void {
    this.#reply.header(name, value);
  }

  append(name: string, value: string): void {
    const before = linesOf(this.#reply.getHeader(name));
    this.#reply.removeHeader(name).header(name, before.length === 0 ? value : [...before, value]);
  }

  delete(name: string): void {
    this.#reply.removeHeader(name);
  }

  getSetCookie(): string[] {
    return linesOf(this.#reply.getHeader('set-cookie'));
  }
}

import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import type { ResponseHead } from '../../server/exchange.ts';
import type { Outgoing } from './messages.ts';

/** The head of an answer of Node, before it is written. */
export class NodeHead implements ResponseHead {
  readonly #outgoing: Outgoing;

  constructor(outgoing: Outgoing) {
    this.#outgoing = outgoing;
  }

  get(name: string): string | null {
    const value = this.#outgoing.getHeader(name);
    if (value === undefined) return null;
    return Array.isArray(value) ? value.join(', ') : String(value);
  }

  set(name: string, value: string): void {
    this.#outgoing.setHeader(name, value);
  }

  append(name: string, value: string): void {
    const before = this.#outgoing.getHeader(name);
    this.#outgoing.setHeader(name, before === undefined ? value : [...linesOf(before), value]);
  }

  delete(name: string): void {
    this.#outgoing.removeHeader(name);
  }

  getSetCookie(): string[] {
    return linesOf(this.#outgoing.getHeader('set-cookie'));
  }
}

/** The lines of a header as Node and Fastify keep it. */
function linesOf(value: OutgoingHttpHeader | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
}

/** The headers that `writeHead` may be called with. */
export type WrittenHeaders =
  | OutgoingHttpHeaders
  | readonly OutgoingHttpHeader[]
  | readonly (readonly [string, OutgoingHttpHeader])[];

/** Sets what `writeHead` was called with. */
export function absorbHeaders(outgoing: Outgoing, headers: WrittenHeaders | undefined): void {
  if (!Array.isArray(headers)) {
    for (const name in headers) outgoing.setHeader(name, (headers as OutgoingHttpHeaders)[name] ?? '');
    return;
  }
  const written = new Map<string, OutgoingHttpHeader[]>();
  for (const [name, value] of pairsOf(headers)) {
    const values = written.get(name);
    if (values === undefined) written.set(name, [value]);
    else values.push(value);
  }
  for (const [name, values] of written) {
    const [first = ''] = values;
    outgoing.setHeader(name, values.length === 1 ? first : values.flat().map(String));
  }
}

/** Pairs as they are, or of names and values in turn. */
function pairsOf(headers: readonly unknown[]): [name: string, value: OutgoingHttpHeader][] {
  if (Array.isArray(headers[0])) return headers as [string, string][];
  const pairs: [string, OutgoingHttpHeader][] = [];
  for (let i = 0; i < headers.length; i += 2)
    pairs.push([String(headers[i]), headers[i + 1] as OutgoingHttpHeader]);
  return pairs;
}

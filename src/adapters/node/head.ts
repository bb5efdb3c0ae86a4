import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ResponseHead } from '../../server/exchange.ts';
import type { Outgoing } from './messages.ts';

/** Where the headers of an answer stand. */
export type HeaderFields = Pick<ServerResponse, 'getHeader' | 'removeHeader'> & {
  setHeader(name: string, value: number | string | readonly string[]): unknown;
};

/** The head of an answer of Node, before it is written. */
export class NodeHead implements ResponseHead {
  readonly #outgoing: HeaderFields;

  constructor(outgoing: HeaderFields) {
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
export function linesOf(value: OutgoingHttpHeader | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
}

/** The headers of a plain object, whatever the case of their names. */
export class PlainFields implements HeaderFields {
  readonly #headers: OutgoingHttpHeaders;

  constructor(headers: OutgoingHttpHeaders) {
    this.#headers = headers;
  }

  getHeader(name: string): OutgoingHttpHeader | undefined {
    const key = this.#keyOf(name);
    return key === undefined ? undefined : this.#headers[key];
  }

  setHeader(name: string, value: number | string | readonly string[]): void {
    this.#headers[this.#keyOf(name) ?? name] = value as OutgoingHttpHeader;
  }

  removeHeader(name: string): void {
    delete this.#headers[this.#keyOf(name) ?? name];
  }

  #keyOf(name: string): string | undefined {
    for (const key in this.#headers) {
      if (key !== name && (key.length !== name.length || key.toLowerCase() !== name)) continue;
      if (Object.hasOwn(this.#headers, key)) return key;
    }
    return undefined;
  }
}

/** A copy of headers as streams of HTTP/2 take them, with names in lower case, and the symbols of Node. */
export function copyHeaders(headers: OutgoingHttpHeaders | readonly string[] = {}): OutgoingHttpHeaders {
  const copy: OutgoingHttpHeaders = {};
  if (!Array.isArray(headers)) {
    for (const key of Reflect.ownKeys(headers)) {
      const name = typeof key === 'string' ? key.toLowerCase() : key;
      const value: unknown = Reflect.get(headers, key);
      Reflect.set(copy, name, Array.isArray(value) ? [...value] : value);
    }
    return copy;
  }
  for (const [name, value] of pairsOf(headers)) {
    const key = name.toLowerCase();
    copy[key] = copy[key] === undefined ? value : [...linesOf(copy[key]), ...linesOf(value)];
  }
  return copy;
}

/** The headers that `writeHead` may be called with. */
export type WrittenHeaders =
  | OutgoingHttpHeaders
  | readonly OutgoingHttpHeader[]
  | readonly (readonly [string, OutgoingHttpHeader])[];

/** Sets what `writeHead` was called with. */
export function absorbHeaders(outgoing: Outgoing, headers: WrittenHeaders | undefined): void {
  if (!Array.isArray(headers)) {
    // What is inherited is none, as to Node: the methods of a Headers, which writeHead is given by mistake.
    for (const [name, value] of Object.entries(headers ?? {})) outgoing.setHeader(name, value ?? '');
    return;
  }
  const written = new Map<string, { name: string; values: OutgoingHttpHeader[] }>();
  for (const [name, value] of pairsOf(headers)) {
    const key = name.toLowerCase();
    const before = written.get(key);
    if (before === undefined) written.set(key, { name, values: [value] });
    else before.values.push(value);
  }
  for (const { name, values } of written.values()) {
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

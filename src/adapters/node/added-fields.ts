import { type OutgoingHttpHeader, type OutgoingHttpHeaders, validateHeaderValue } from 'node:http';
import { type HeaderFields, linesOf, NodeHead, PlainFields, type WrittenHeaders } from './head.ts';
import type { Http1Response } from './http1-state.ts';
import type { ResponseCommit } from './response-commit.ts';

/**
 * What is put on a head that Node has made already, beside the headers that stand on it. Nearly always it is lines behind those: to
 * make a head twice takes longer than all else that is done to it. Bench row: node:http, hallpass/node.
 */
export class AddedFields implements HeaderFields {
  readonly #standing: Pick<HeaderFields, 'getHeader'>;
  /** Few: looked through sooner than a Map is made. */
  readonly #names: string[] = [];
  readonly #values: (OutgoingHttpHeader | undefined)[] = [];
  #changesStanding = false;

  constructor(standing: Pick<HeaderFields, 'getHeader'>) {
    this.#standing = standing;
  }

  getHeader(name: string): OutgoingHttpHeader | undefined {
    const at = this.#names.indexOf(name);
    return at === -1 ? this.#standing.getHeader(name) : this.#values[at];
  }

  setHeader(name: string, value: number | string | readonly string[]): void {
    this.#put(name, value as OutgoingHttpHeader);
  }

  removeHeader(name: string): void {
    this.#put(name, undefined);
  }

  #put(name: string, value: OutgoingHttpHeader | undefined): void {
    const at = this.#names.indexOf(name);
    if (at !== -1) {
      this.#values[at] = value;
      return;
    }
    this.#changesStanding ||= this.#standing.getHeader(name) !== undefined;
    this.#names.push(name);
    this.#values.push(value);
  }

  /**
   * It as lines; `undefined` where a header that stands has to change, or go.
   * @throws for a value that Node refuses
   */
  lines(): string | undefined {
    if (this.#changesStanding) return undefined;
    let lines = '';
    for (let at = 0; at < this.#names.length; at++) {
      const name = this.#names[at] as string;
      const value = this.#values[at];
      if (typeof value === 'string') lines += lineOf(name, value);
      else for (const one of linesOf(value)) lines += lineOf(name, one);
    }
    return lines;
  }

  /** Sets it among the other headers. */
  putInto(fields: HeaderFields): void {
    for (const [at, name] of this.#names.entries()) {
      const value = this.#values[at];
      if (value === undefined) fields.removeHeader(name);
      else fields.setHeader(name, value);
    }
  }
}

function lineOf(name: string, value: string): string {
  validateHeaderValue(name, value);
  return `${name}: ${value}\r\n`;
}

/** The head of an answer with more lines behind its own. */
export function withLines(head: string, lines: string): string {
  return `${head.slice(0, -2)}${lines}\r\n`;
}

/** The headers of a head with what goes on it whoever asks: those of the response itself, or a copy of what `writeHead` was given. */
export function markHeaders(
  response: Http1Response,
  headers: OutgoingHttpHeaders | undefined,
  commit: ResponseCommit,
): OutgoingHttpHeaders | undefined {
  const isOwn = hasOwnHeaders(response);
  const marked = isOwn ? headers : { ...headers };
  commit.writeForAnyone(new NodeHead(isOwn ? response : new PlainFields(marked as OutgoingHttpHeaders)));
  return marked;
}

/** False: what `writeHead` was given are all headers there are, and Node keeps them nowhere. */
export function hasOwnHeaders(response: Http1Response): boolean {
  return response.getHeaderNames().length > 0;
}

export function isList(
  headers: WrittenHeaders | undefined,
): headers is Exclude<WrittenHeaders, OutgoingHttpHeaders> {
  return Array.isArray(headers);
}

/** True where Node has judged all headers of a head when they were set, and refuses none of them with it. */
export function areJudged(response: Http1Response, headers: WrittenHeaders | undefined): boolean {
  return !isList(headers) && hasOwnHeaders(response) && !response.hasHeader('trailer');
}

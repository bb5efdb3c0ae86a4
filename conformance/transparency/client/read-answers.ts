import { hash } from 'node:crypto';
import { constants, gunzipSync, inflateSync } from 'node:zlib';
import type { Answer, Body } from '../transcript.ts';

type Headers = Answer['headers'];

/** An answer as it stands on the connection, its content still encoded. */
export interface RawAnswer extends Omit<Answer, 'body'> {
  readonly octets: Buffer;
}

/** What was made of the octets of a connection so far. */
export interface Reading {
  readonly answers: RawAnswer[];
  /** Octets that belong to no answer. */
  readonly surplus: string;
}

/**
 * Reads the answers to these requests off a connection. RFC 9112 §6.3.
 * @param methods of the requests, in their order @param closed true once nothing more will come
 */
export function readAnswers(octets: Buffer, methods: readonly string[], closed: boolean): Reading {
  const answers: RawAnswer[] = [];
  let at = 0;
  let interim: string[] = [];
  while (answers.length < methods.length) {
    const head = readHead(octets, at);
    if (head === undefined) break;
    at = head.next;
    const { status, headers } = head;
    const code = Number(status.slice(0, 3));
    if (code < 200 && code !== 101) {
      interim.push([status, ...headers.map((pair) => pair.join(': '))].join(' | '));
      continue;
    }
    // What follows a switch is of another protocol, and ends with the connection.
    const isBodiless = methods[answers.length] === 'HEAD' || code === 204 || code === 304;
    const { body, next, trailers, complete } = isBodiless
      ? noBody(at)
      : readBody(octets, at, headers, closed);
    answers.push({ interim, status, headers, octets: body, trailers, complete });
    interim = [];
    at = next;
    if (!complete) break;
  }
  return { answers, surplus: octets.toString('latin1', at, at + 60) };
}

/** The answer with its content decoded. */
export function finishAnswer({ octets, ...answer }: RawAnswer): Answer {
  return { ...answer, body: bodyOf(contentOf({ octets, ...answer })) };
}

/** The content of an answer, or of what has come of it; a sentence when it is not what the head says. */
export function contentOf({ octets, headers, complete }: RawAnswer): Buffer {
  const encoding = find(headers, 'content-encoding');
  const options = complete ? {} : { finishFlush: constants.Z_SYNC_FLUSH };
  try {
    if (encoding === undefined || octets.length === 0) return octets;
    if (encoding === 'gzip') return gunzipSync(octets, options);
    if (encoding === 'deflate') return inflateSync(octets, options);
  } catch {}
  return Buffer.from(`(not ${encoding}) ${octets.toString('latin1', 0, 40)}`);
}

/** A body that can be compared and shown. */
export function bodyOf(octets: Uint8Array): Body {
  return {
    length: octets.length,
    start: Buffer.from(octets.subarray(0, 80)).toString('latin1'),
    digest: hash('sha1', octets).slice(0, 8),
  };
}

function readHead(
  octets: Buffer,
  from: number,
): { status: string; headers: Headers; next: number } | undefined {
  const end = octets.indexOf('\r\n\r\n', from, 'latin1');
  if (end < 0) return undefined;
  const [line = '', ...lines] = octets.toString('latin1', from, end).split('\r\n');
  return { status: line.replace(/^HTTP\/1\.[01] /, ''), headers: lines.map(readLine), next: end + 4 };
}

function readLine(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}

interface Framed {
  body: Buffer;
  next: number;
  complete: boolean;
  trailers: Headers;
}

function noBody(next: number): Framed {
  return { body: Buffer.alloc(0), next, complete: true, trailers: [] };
}

function readBody(octets: Buffer, from: number, headers: Headers, closed: boolean): Framed {
  if (/chunked/i.test(find(headers, 'transfer-encoding') ?? '')) return readChunks(octets, from);
  const length = find(headers, 'content-length');
  const next = length === undefined ? octets.length : Math.min(octets.length, from + Number(length));
  const body = octets.subarray(from, next);
  const complete = length === undefined ? closed : body.length === Number(length);
  return { body, next, complete, trailers: [] };
}

function readChunks(octets: Buffer, from: number): Framed {
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
    const line = octets.indexOf('\r\n', at, 'latin1');
    const size = line < 0 ? Number.NaN : Number.parseInt(octets.toString('latin1', at, line), 16);
    const end = line + 2 + size;
    if (Number.isNaN(size) || (size > 0 && end + 2 > octets.length)) {
      return { body: Buffer.concat(parts), next: octets.length, complete: false, trailers: [] };
    }
    if (size === 0) {
      const last = octets.indexOf('\r\n\r\n', line, 'latin1');
      const trailers =
        last > line
          ? octets
              .toString('latin1', line + 2, last)
              .split('\r\n')
              .map(readLine)
          : [];
      return { body: Buffer.concat(parts), next: last + 4, complete: last >= 0, trailers };
    }
    parts.push(octets.subarray(line + 2, end));
    at = end + 2;
  }
}

function find(headers: Headers, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

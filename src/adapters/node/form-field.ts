import { isUrlencoded } from '../../server/form-field.ts';
import type { Incoming } from './messages.ts';

/**
 * A field of an urlencoded body, which stays readable for whoever comes next; `undefined` when it is not there, when the
 * body is something else, or longer than `limit` bytes.
 * @param parsed what a body parser has made of the body, if one ran
 */
export async function readFormField(
  incoming: Incoming,
  parsed: unknown,
  name: string,
  limit: number,
): Promise<string | undefined> {
  if (typeof parsed === 'object' && parsed !== null) {
    const value: unknown = Reflect.get(parsed, name);
    return typeof value === 'string' ? value : undefined;
  }
  const { headers } = incoming;
  if (!isUrlencoded(headers['content-type']) || Number(headers['content-length'] ?? 0) > limit)
    return undefined;
  const body = await peek(incoming, limit, Number(headers['content-length'] ?? Number.POSITIVE_INFINITY));
  return body === undefined ? undefined : (new URLSearchParams(body.toString()).get(name) ?? undefined);
}

/** The whole body, put back where it was; `undefined` when it is longer than `limit`, was read before, or breaks off. */
function peek(incoming: Incoming, limit: number, expected: number): Promise<Buffer | undefined> {
  if (incoming.readableEnded || incoming.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const look = () => {
      for (let chunk = incoming.read(); chunk !== null; chunk = incoming.read()) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > limit) return putBack(undefined);
      }
      if (incoming.complete || length >= expected) putBack(Buffer.concat(chunks));
    };
    // In the turn of the last read, or the stream counts as ended.
    const putBack = (body: Buffer | undefined) => {
      leave();
      if (length > 0) incoming.unshift(body ?? Buffer.concat(chunks));
      resolve(body);
    };
    const fail = () => {
      leave();
      resolve(undefined);
    };
    const leave = () => incoming.off('readable', look).off('end', fail).off('error', fail).off('close', fail);
    incoming.on('readable', look).on('end', fail).on('error', fail).on('close', fail);
  });
}

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { EmptyBodyError, HttpStatusError, InvalidBodyError } from './errors.ts';
import { shownUrl } from './trace/shown-url.ts';
import { traceOf } from './transport/response.ts';

/** The JSON of a 2xx answer, checked by a schema. Its errors name the answer, never its text. */
export async function readJson(response: Response, schema: StandardSchemaV1 | undefined): Promise<unknown> {
  const trace = traceOf(response);
  const text = await readText(response);
  if (text.trim() === '')
    throw new EmptyBodyError(
      'empty-body',
      `JSON was asked for, and nothing came: the ${nameOf(response)}.`,
      trace,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidBodyError(`The body is not JSON: the ${nameOf(response)}.`, trace);
  }
  if (schema === undefined) return value;
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ path, message }) => ({ path: pathText(path), message }));
  const [first] = issues;
  throw new InvalidBodyError(
    `The body does not fit the schema at ${first?.path || 'its root'}: the ${nameOf(response)}.`,
    trace,
    issues,
  );
}

/** The text of a 2xx answer. */
export async function readText(response: Response): Promise<string> {
  return reading(response, () => response.text());
}

/** The octets of a 2xx answer. */
export async function readBytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await reading(response, () => response.arrayBuffer()));
}

/** @throws HttpStatusError for an answer that is not 2xx. */
function refuseFailure(response: Response): void {
  if (!response.ok)
    throw new HttpStatusError(`Not a 2xx: the ${nameOf(response)}.`, traceOf(response), response);
}

/** @throws TypeError for an answer of which somebody has read already, or has taken a reader */
async function reading<T>(response: Response, read: () => Promise<T>): Promise<T> {
  refuseFailure(response);
  if (response.bodyUsed) {
    throw new TypeError(
      'The body of this answer was read already: keep what json(), text() or bytes() gave, or read a clone() of the response.',
    );
  }
  try {
    return await read();
  } catch (error) {
    // Asked only now: an answer makes the stream of its body for whoever looks at it.
    if (response.bodyUsed || response.body?.locked !== true) throw error;
    throw new TypeError(
      'Somebody has a reader of the body of this answer: read by that one, or call its releaseLock() before json(), text() or bytes().',
      { cause: error },
    );
  }
}

/** An answer, as its errors name it: status, URL, type and how many redirects led there. */
function nameOf(response: Response): string {
  const type = response.headers.get('content-type') ?? 'no Content-Type';
  const count = traceOf(response).hops.filter(({ cause }) => cause === 'redirect').length;
  const redirects = count === 1 ? '1 redirect' : `${count} redirects`;
  return `${response.status} of ${shownUrl(new URL(response.url))} (${type}, ${redirects})`;
}

function pathText(path: StandardSchemaV1.Issue['path'] = []): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

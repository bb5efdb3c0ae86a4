import type { StandardSchemaV1 } from '@standard-schema/spec';
import { readBytes, readJson, readText } from './read-response.ts';

type Output<Schema extends StandardSchemaV1 | undefined> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : unknown;

/** What a verb answers with: a promise of the response, which can also be asked for the body of a 2xx at once. */
export interface ResponsePromise extends Promise<Response> {
  /**
   * The JSON of a 2xx answer; a schema checks it and types it. Called right after the verb, it sends
   * `Accept: application/json` when the caller named none.
   * @throws TypeError for what is no schema: right after the verb, nothing is sent; HttpStatusError for an answer that is not 2xx,
   * EmptyBodyError, InvalidBodyError
   */
  json<Schema extends StandardSchemaV1 | undefined = undefined>(schema?: Schema): Promise<Output<Schema>>;
  /** The text of a 2xx answer. @throws HttpStatusError for any other. */
  text(): Promise<string>;
  /** The octets of a 2xx answer. @throws HttpStatusError for any other. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What the readers below say after the call was made, before its first request. */
export interface AskedBody {
  accept?: 'application/json';
  /** Why the call is not to be sent. */
  misuse?: TypeError;
}

/** The promise of a call, with the readers of its body. */
export function responsePromise(call: Promise<Response>, asked: AskedBody): ResponsePromise {
  /** Misuse is seen before the call is sent, and whatever becomes of the call it stays what it is. */
  const reader = <Body>(misuse: string | undefined, read: (response: Response) => Promise<Body>) => {
    if (misuse === undefined) return call.then(read);
    const error = new TypeError(misuse);
    asked.misuse ??= error;
    call.catch(() => {});
    return Promise.reject<Body>(error);
  };
  return Object.assign(call, {
    json<Schema extends StandardSchemaV1 | undefined>(schema?: Schema) {
      asked.accept = 'application/json';
      return reader(noSchema(schema), (response) => readJson(response, schema)) as Promise<Output<Schema>>;
    },
    text: (...given: unknown[]) => reader(tooMuch('text', given), readText),
    bytes: (...given: unknown[]) => reader(tooMuch('bytes', given), readBytes),
  });
}

const noSchema = (schema: StandardSchemaV1 | undefined) =>
  schema === undefined || typeof schema?.['~standard']?.validate === 'function'
    ? undefined
    : 'json takes a schema of Standard Schema, as zod and valibot make them, or nothing.';

const tooMuch = (name: string, given: unknown[]) =>
  given.every((one) => one === undefined)
    ? undefined
    : `${name}() takes nothing: a schema goes to json(schema), and an encoding to a TextDecoder over bytes().`;

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
   * @throws HttpStatusError for an answer that is not 2xx, EmptyBodyError, InvalidBodyError
   */
  json<Schema extends StandardSchemaV1 | undefined = undefined>(schema?: Schema): Promise<Output<Schema>>;
  /** The text of a 2xx answer. @throws HttpStatusError for any other. */
  text(): Promise<string>;
  /** The octets of a 2xx answer. @throws HttpStatusError for any other. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a caller turns out to accept: `json()` below says it after the call was made, before its first request. */
export interface LateAccept {
  type?: 'application/json';
}

/** The promise of a call, with the readers of its body. */
export function responsePromise(call: Promise<Response>, lateAccept: LateAccept): ResponsePromise {
  return Object.assign(call, {
    json<Schema extends StandardSchemaV1 | undefined>(schema?: Schema) {
      lateAccept.type = 'application/json';
      return call.then((response) => readJson(response, schema)) as Promise<Output<Schema>>;
    },
    text: () => call.then(readText),
    bytes: () => call.then(readBytes),
  });
}

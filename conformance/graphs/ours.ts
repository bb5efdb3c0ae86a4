import {
  anywhere,
  apiKey,
  bearer,
  CallError,
  type CallInit,
  createClient,
  credential,
  netrc,
  type Trace,
  type Transport,
  traceOf,
} from 'hallpass/client';
import { type Graph, startOf } from './graph.ts';
import { type Credential, freshMarker, secretValue } from './secrets.ts';

/** How a call ended: with an answer, or with the code of its error. */
export interface Outcome {
  readonly end: string;
  readonly trace: Trace;
  /** Everything that the call says about itself. */
  readonly shown: string;
}

/** Walks a graph with hallpass, as anybody would who has these secrets. `signal`: of the caller. */
export async function walk(graph: Graph, transport: Transport, signal: AbortSignal): Promise<Outcome> {
  let trace: Trace | undefined;
  const client = createClient({
    transport,
    credentials: graph.secrets.credentials.flatMap(toCredential),
    onTrace: (made) => {
      trace = made;
    },
    ...(graph.clones && { hooks: { response: [readClone] } }),
  });
  const outcome = (end: string, shown: string): Outcome => {
    if (trace === undefined) throw new Error('the call has no trace');
    const all = [shown, trace, JSON.stringify(trace), JSON.stringify(trace.toHAR())];
    return { end, trace, shown: all.join('\n') };
  };
  try {
    const response = await client.fetch(startWithUser(graph), { ...callInit(graph), signal });
    if (graph.clones) await readBoth(response);
    else await response.text();
    return outcome('answer', '');
  } catch (error) {
    if (error instanceof CallError) return outcome(error.code, `${error.stack}`);
    if (error === signal.reason) return outcome('AbortError', '');
    throw error;
  }
}

const readClone = async (response: Response) => void (await response.clone().text());

/** @throws Error where a clone is not what its original is. */
async function readBoth(response: Response): Promise<void> {
  const clone = response.clone();
  const [text, copy] = await Promise.all([response.text(), clone.text()]);
  if (text !== copy || traceOf(clone) !== traceOf(response)) throw new Error('a clone differs');
}

function startWithUser(graph: Graph): string {
  const { userinfo } = graph.secrets;
  const start = startOf(graph);
  return userinfo === undefined ? start : start.replace('//', `//user:${secretValue(userinfo)}@`);
}

function callInit({ method, secrets }: Graph): CallInit {
  const { authorization, apiKey: key, cookies, body } = secrets;
  const headers = new Headers();
  if (authorization !== undefined) headers.set('authorization', `Bearer ${secretValue(authorization)}`);
  if (key !== undefined) headers.set('x-api-key', secretValue(key));
  if (cookies.length > 0)
    headers.set('cookie', cookies.map(({ name, marker }) => `${name}=${secretValue(marker)}`).join('; '));
  const sends = body !== undefined && (method === 'POST' || method === 'PUT');
  return { method, headers, ...(sends && { body: secretValue(body) }) };
}

function toCredential({ kind, name, scope, marker }: Credential) {
  const value = secretValue(marker);
  if (kind === 'netrc') return netrc(`machine ${machineOf(scope)} login user password ${value}`);
  const scopes = scope === 'anywhere' ? anywhere : scope.map(({ text }) => text);
  if (kind === 'bearer') return bearer(marker % 2 === 0 ? value : async () => value, { for: scopes });
  if (kind === 'refreshed')
    return bearer(value, { for: scopes, refresh: async () => secretValue(freshMarker(marker)) });
  if (kind !== 'custom') return apiKey(name, value, { for: scopes, in: kind });
  const attach = async () => ({ headers: { [name]: value }, query: { [name]: value } });
  return credential({ name, for: scopes, attach });
}

const machineOf = (scope: Credential['scope']) => (scope === 'anywhere' ? '' : scope[0]?.text);

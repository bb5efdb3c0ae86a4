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
import { type Credential, secretValue } from './secrets.ts';

/** How a call ended: with an answer, or with the code of its error. */
export interface Outcome {
  readonly end: string;
  readonly trace: Trace;
  /** Everything that the call says about itself. */
  readonly said: string;
}

/** Walks a graph with hallpass, as anybody would who has these secrets. */
export async function walk(graph: Graph, transport: Transport): Promise<Outcome> {
  const client = createClient({ transport, credentials: graph.secrets.credentials.flatMap(toCredential) });
  try {
    const response = await client.fetch(startWithUser(graph), callInit(graph));
    await response.text();
    return outcome('answer', traceOf(response), response.url);
  } catch (error) {
    if (error instanceof CallError) return outcome(error.code, error.trace, `${error.stack}`);
    throw error;
  }
}

const outcome = (end: string, trace: Trace, said: string): Outcome => ({
  end,
  trace,
  said: [said, trace, JSON.stringify(trace), JSON.stringify(trace.toHAR())].join('\n'),
});

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
  if (kind !== 'custom') return apiKey(name, value, { for: scopes, in: kind });
  const attach = async () => ({ headers: { [name]: value }, query: { [name]: value } });
  return credential({ name, for: scopes, attach });
}

const machineOf = (scope: Credential['scope']) => (scope === 'anywhere' ? '' : scope[0]?.text);

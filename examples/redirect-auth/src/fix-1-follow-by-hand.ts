import { type Client, createClient, traceOf } from 'hallpass/client';
import { type Demo, type Outcome, outcomeOf, showAlone } from './demo.ts';
import { redirectTo, through } from './lab.ts';

/** What is repeated at the next hop. No headers: what a caller writes belongs to one origin, and a loop would take it to all. */
interface HandWritten {
  readonly url: URL;
  readonly method: string;
  readonly body?: string | Blob | undefined;
}

/** Thrown by `followByHand`. */
export class TooManyRedirects extends Error {
  readonly history: readonly Response[];

  constructor(history: readonly Response[]) {
    super(`More than ${history.length - 1} redirects.`);
    this.history = history;
  }
}

/**
 * Follows redirects in a loop of its own, each hop a call. The client's credentials keep their scopes, so the loop cannot
 * send them too far; what it must get right itself is in `nextRequest`.
 * @param max how many redirects are followed: `max + 1` requests.
 * @returns every answer, the last one last.
 */
export async function followByHand(
  client: Client,
  start: string | URL,
  { method = 'GET', body, max = 10 }: { method?: string; body?: string | Blob; max?: number } = {},
): Promise<Response[]> {
  const history: Response[] = [];
  let next: HandWritten | undefined = { url: new URL(start), method, body };
  while (next !== undefined) {
    if (history.length > max) throw new TooManyRedirects(history);
    await history.at(-1)?.arrayBuffer(); // so that its connection serves the next hop
    const request: HandWritten = next;
    const response = await client.fetch(request.url, {
      method: request.method,
      body: request.body ?? null,
      redirect: 'manual',
    });
    history.push(response);
    next = nextRequest(request, response);
  }
  return history;
}

/** RFC 9110 §15.4. Nothing when the answer leads nowhere, or when the body would have to leave its origin. */
function nextRequest(request: HandWritten, { status, headers }: Response): HandWritten | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || !location) return undefined;
  const url = new URL(location, request.url);
  const { method } = request;
  if (status === 303 && method !== 'HEAD') return { url, method: 'GET' };
  if ((status === 301 || status === 302) && method === 'POST') return { url, method: 'GET' };
  if (request.body !== undefined && url.origin !== request.url.origin) return undefined;
  return { ...request, url };
}

async function byHand(...call: Parameters<typeof followByHand>): Promise<Outcome> {
  const history = await followByHand(...call);
  await history.at(-1)?.body?.cancel();
  return { end: history.at(-1)?.status ?? 0, traces: history.map(traceOf) };
}

export const fix1: Demo = {
  title: 'Fix 1: follow by hand',
  shows:
    'Each hop is yours to see and to refuse; the secret keeps its scope all the same. redirect.follow gives that control without the loop.',
  steps: [
    {
      title: 'By hand, A to A to B to B: sent from the first request on, and never to B.',
      run: ({ origins: { a, b } }, secret) =>
        byHand(createClient({ credentials: secret.for(a) }), through([a, a, b], `${b}/headers`)),
    },
    {
      title: 'By hand, a POST that meets a 307: method and body stay.',
      run: ({ origins: { a } }, secret) =>
        byHand(createClient({ credentials: secret.for(a) }), redirectTo(a, '/echo', 307), {
          method: 'POST',
          body: 'order=42',
        }),
    },
    {
      title: 'redirect.follow, asked before anything is sent: the hop to B is refused.',
      run: ({ origins: { a, b } }, secret) => {
        const redirect = {
          maxRedirects: 10,
          follow: ({ url }: { url: string }) => new URL(url).origin === a,
        };
        const client = createClient({ credentials: secret.for(a), redirect });
        return outcomeOf(client.fetch(through([a, a], `${b}/headers`)));
      },
    },
  ],
};

if (import.meta.main) await showAlone(fix1);

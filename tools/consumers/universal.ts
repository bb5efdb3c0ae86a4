// What runs everywhere, as a consumer writes it. No type may become `any` because a name of the web is missing.
import { defineCookie, type RequestSource, type ResponseTarget } from 'hallpass';
import { fromExpressSession } from 'hallpass/adopt';
import { bearer, type ClientOptions, createClient } from 'hallpass/client';
import { createClient as createSlimClient } from 'hallpass/client/slim';
import { hallpass as inH3 } from 'hallpass/h3';
import { CookieJar } from 'hallpass/jar';
import { hallpass as inNext } from 'hallpass/next';
import { createPanel, type Panel } from 'hallpass/panel';
import { generateKey, keyRing } from 'hallpass/seal';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { createTestClient, testClock } from 'hallpass/testing';
import { createTokens, type Jwk } from 'hallpass/tokens';
import { explain } from 'hallpass/why';

type IsAny<T> = 0 extends 1 & T ? true : false;
type NeverAny<T> = IsAny<T> extends true ? never : T;

const client = createClient({
  credentials: bearer('t', { for: 'https://api.example.com' }),
  jar: new CookieJar(),
});
type Answer = NeverAny<Awaited<ReturnType<typeof client.fetch>>>;
type Source = NeverAny<RequestSource>;
type Target = NeverAny<ResponseTarget>;
type Headers = NeverAny<ClientOptions['headers']>;

export async function statusOf(url: string): Promise<number> {
  const answer: Answer = await client.fetch(url, {
    method: 'POST',
    body: 'text',
    headers: { accept: 'text/plain' },
  });
  return answer.status;
}

const clock = testClock(0);
const sessions = createSessions({ store: memoryStore(), clock });
const keys: Jwk[] = [];
export const theme = defineCookie('theme', { default: 'light' });
export const tokens = () =>
  createTokens({ issuer: 'https://a.example', audience: 'api', keys, store: memoryStore() });
export const ring = () => keyRing(generateKey());
export const secure = pipeline({ sessions, origins: ['https://app.example.com'] });
export const tester = createTestClient;
export const slim = () =>
  createSlimClient({ credentials: bearer('t', { for: 'https://api.example.com' }) }).get('/');
export const panel = (): NeverAny<Panel> => createPanel({ maxRequests: 10 });
export async function userOf(source: Source): Promise<string | undefined> {
  return (await sessions.open(source)).user;
}
export type { Headers, Target };
export const moving = (store: Parameters<typeof fromExpressSession>[0]['store']) =>
  createSessions({
    store: memoryStore(),
    adopt: fromExpressSession({ secret: 's', store, takeOver: (data) => ({ user: String(data.id) }) }),
  });
const next = inNext({ shared: 'app', sessions: () => sessions });
export const POST = next.route(async (_request, context) => {
  const user: NeverAny<string | undefined> = (await context.session()).user;
  return { user };
});
const h3 = inH3({ sessions });
export const context: NeverAny<ReturnType<typeof h3.context>>[] = [];
export const why: NeverAny<ReturnType<typeof explain>> = explain('csrf-refused');

import type { Panel } from 'hallpass/panel';
import { generateKey, keyRing } from 'hallpass/seal';
import { pipeline } from 'hallpass/server';
import { createSessions } from 'hallpass/session';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { createTokens } from 'hallpass/tokens';

/** Serves such a request, watched by the panel. @returns what stands in its log */
type Program = (panel: Panel) => Promise<string>;

const url = 'http://localhost:9090/settings';

async function postFrom(origin: string, panel: Panel): Promise<string> {
  let log = '';
  const serve = pipeline({
    sessions: createSessions({ store: memoryStore(), onEvent: panel.onSessionEvent }),
    origins: ['http://localhost:9090'],
    watch: panel,
    onWarning: false,
    onEvent(event) {
      log += JSON.stringify(event);
    },
  });
  const headers = { origin, cookie: 'sid=1' };
  await serve(() => new Response('saved'))(new Request(url, { method: 'POST', headers }));
  return log;
}

/** The servers of servers.ts. */
export const programs: Readonly<Record<string, Program>> = {
  'origin of the proxy': (panel) => postFrom('https://links.example', panel),

  'null origin': (panel) => postFrom('null', panel),

  'new key at every start': async (panel) => {
    let log = '';
    const start = () =>
      createSessions({
        sealed: { keys: keyRing(generateKey()), revocations: memoryRevocations() },
        onEvent(event) {
          panel.onSessionEvent(event);
          log += JSON.stringify(event);
        },
      });
    const handler = {
      sessions: start(),
      origins: ['http://localhost:9090'],
      watch: panel,
      onWarning: false,
    } as const;
    const before = pipeline(handler)(async (_, context) => {
      (await context.session()).login('ada');
      return new Response();
    });
    const signedIn = await before(new Request(url));
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const after = pipeline({ ...handler, sessions: start() })(async (_, context) => {
      await context.session();
      return new Response();
    });
    await after(new Request(url, { headers: { cookie } }));
    return log;
  },

  'clock behind': async (panel) => {
    let log = '';
    const now = Date.now();
    const by = { keys: keyRing(generateKey()), store: memoryStore(), issuer: url, audience: url };
    const { access } = await createTokens({ ...by, clock: testClock(now + 300_000) }).issueBearer('ada');
    const tokens = createTokens({
      ...by,
      clock: testClock(now),
      onEvent(event) {
        panel.onTokenEvent(event);
        log += JSON.stringify(event);
      },
    });
    const app = pipeline({ tokens, watch: panel, onWarning: false })(async (_, context) => ({
      user: (await context.user()) ?? null,
    }));
    await app(new Request(url, { headers: { authorization: `Bearer ${access}` } }));
    return log;
  },
};

/** What a server warns of, at its start and at work. */
export const serverWarnings = {
  'secure-on-http': {
    why: '`origins` says that browsers reach the server over plain http, and the cookie is for https only. They drop it from the answer to the sign-in, and the next page does not know the visitor.',
    fix: 'Serve https. If TLS ends at a proxy, `origins` has to name what the browser sees: https://…. In a closed network without TLS, `cookie: { name: "session", secure: false }`, which everybody there can read, and which is a TypeError with NODE_ENV=production.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      pipeline({
        sessions: createSessions({ store: memoryStore() }),
        origins: ['http://app.example.com'],
        onWarning: (finding) => console.log(finding.code), // → secure-on-http
      });
    `,
    guide: 'deploying.md#behind-a-proxy',
  },
  'cors-without-cookie': {
    why: 'CORS lets the page read answers, and sends no cookie. Page and API are two sites (not merely two origins), so the session cookie, being Lax, stays at home; each fetch arrives anonymous, with status 200 and all CORS headers right.',
    fix: "Put both under one domain, as app.example.com and api.example.com: nothing else has to change. Or use tokens in place of cookies. `cookie: { sameSite: 'none' }` works only in browsers that let third parties have cookies.",
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      pipeline({
        sessions: createSessions({ store: memoryStore() }),
        origins: ['https://api.example.com'],
        cors: { origins: ['https://app.example.org'], credentials: true },
        onWarning: ({ code }) => console.log(code), // → cors-without-cookie
      });
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'cross-site-write': {
    why: 'A page of another site, an identity provider for example, posted a form to you. Browsers send no SameSite=Lax cookie with it, also when the visitor is signed in, so a session begun there would take the place of theirs. What the handler wrote to it was dropped.',
    fix: 'Call `login()` there, which replaces on purpose, or answer with a page or redirect of your own and write in the request that follows. What the answer is checked against (state, nonce) belongs in a cookie with `sameSite: none`.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const app = pipeline({
        sessions: createSessions({ store: memoryStore() }),
        csrf: { trust: ['https://idp.example.net'] },
        onWarning: ({ code }) => console.log(code), // → cross-site-write
      })(async (_request, context) => {
        (await context.session()).set('state', 'of nobody');
        return new Response();
      });
      const headers = {
        origin: 'https://idp.example.net',
        'sec-fetch-site': 'cross-site',
      };
      const url = 'https://app.example.com/callback';
      await app(new Request(url, { method: 'POST', headers }));
    `,
    guide: 'server.md#answers-of-identity-providers',
  },
  'preflight-refused': {
    why: 'A page of another origin asked by a preflight whether it may send a request, and the answer was no. The page sees a network error and no status, the browser shows a CORS error in its console, and the request itself never came here.',
    fix: 'The finding and the event say which it was, cors-origin, cors-method or cors-header: `hallpass why` with that code has the line to write. In production strangers ask such things; leave it.',
    example: `
      import { pipeline } from 'hallpass/server';

      const app = pipeline({
        cors: { origins: ['https://app.example.com'] },
        onWarning: ({ code }) => console.log(code), // → preflight-refused
      })(() => new Response());
      const headers = {
        origin: 'https://www.example.org',
        'access-control-request-method': 'PUT',
      };
      const preflight = { method: 'OPTIONS', headers };
      await app(new Request('https://api.example.com/', preflight));
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'mounted-late': {
    why: 'A middleware that was mounted before hallpass can answer by itself: a guard with its 401, a rate limit, a body parser that fails. Such an answer has no CORS headers, and the page sees a "network error" in place of the status.',
    fix: 'Mount hallpass first. What must stand in front of it, such as a logger that answers nothing, does no harm: then leave it, or pass this code over in `onWarning`.',
    example: `
      import { hallpass } from 'hallpass/hono';
      import { Hono } from 'hono';

      const pass = hallpass({
        cors: { origins: ['https://app.example.com'] },
        onWarning: (finding) => console.log(finding.code), // → mounted-late
      });
      const app = new Hono().use(async (_c, next) => next()).use(pass);
      await app.request('https://api.example.com/');
    `,
    guide: 'server.md#order',
  },
  'writes-dropped': {
    why: 'The handler wrote to the session or signed somebody in, and then answered with 500 or above. A failure is taken for work that was not finished, so what it wrote is dropped; logouts, rotations and cookies are kept.',
    fix: 'Mend the failure. If the status is meant (a 502 of a server behind you, reported as such), call `context.keep()` before the answer.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const app = pipeline({
        sessions: createSessions<{ seen: number }>({ store: memoryStore() }),
        onWarning: (finding) => console.log(finding.code), // → writes-dropped
      })(async (_request, context) => {
        (await context.session()).set('seen', 1);
        return new Response(null, { status: 502 });
      });
      await app(new Request('https://app.example.com/'));
    `,
    guide: 'server.md',
  },
  'answer-made-private': {
    why: 'The handler said `public` or `s-maxage`, and the answer read or set a session: a CDN would give the page of one visitor to the next. It went out as `private`, so each visitor is right and no shared cache helps.',
    fix: 'If the page is the same for all, do not ask for the session on that route, and set no cookie there. If it is not, say `Cache-Control: private` yourself, and the warning is gone.',
    example: `
      import { pipeline } from 'hallpass/server';
      import { createSessions } from 'hallpass/session';
      import { memoryStore } from 'hallpass/stores/memory';

      const app = pipeline({
        sessions: createSessions({ store: memoryStore() }),
        onWarning: ({ code }) => console.log(code), // → answer-made-private
      })(async (_request, context) => {
        await context.session();
        return new Response('x', {
          headers: { 'cache-control': 'public, max-age=60' },
        });
      });
      await app(new Request('https://app.example.com/'));
    `,
    guide: 'server.md',
  },
  'not-consented': {
    why: 'The definition of the cookie names a purpose (`consent: "statistics"`), and this visitor has not agreed to it. The handler set it all the same, and the pipeline left it out.',
    fix: 'For a visitor who said no, or has not been asked, this is right. Otherwise see what `consent.purposes` of the pipeline returns: it must contain the purpose by the same word.',
    example: `
      import { defineCookie } from 'hallpass';
      import { pipeline } from 'hallpass/server';

      const visitor = defineCookie('visitor', { consent: 'statistics' });
      const app = pipeline({
        onWarning: (finding) => console.log(finding.code), // → not-consented
      })((_request, { cookies }) => {
        cookies.set(visitor, 'an-id');
        return new Response('hello');
      });
      await app(new Request('https://app.example.com/'));
    `,
    guide: 'cookies.md#cookies-that-want-consent',
  },
};

/** Why a server does not let a page of another origin do what it wants. */
export const refusing = {
  'csrf-cross-site': {
    why: 'The browser itself says that a page of another origin sent this request, and the server has not listed that origin. `cross-site` is another site altogether, `same-site` a sibling host such as blog.example.com, whose pages are not to act for your visitors either.',
    fix: "If the page is yours, list where it comes from: `origins: ['https://app.example.com', 'https://www.example.com']`, as the address bar shows it. For a partner, `csrf: { trust: ['https://partner.example'] }`. If you do not know the origin, this is right: it is what the check is for.",
    example: `
      import { honor } from 'hallpass';

      const origin = 'https://www.example.com';
      const request = {
        method: 'POST',
        hasCookie: true,
        secFetchSite: 'same-site',
        origin,
      };
      const app = 'https://app.example.com';
      const verdict = honor(request, { origins: [app] });
      console.log(verdict.reasons[0]?.code); // → csrf-cross-site
      console.log(honor(request, { origins: [app, origin] }).allowed); // → true
    `,
    guide: 'server.md#origins',
  },
  'csrf-repeated': {
    why: 'Browsers send Sec-Fetch-Site once, with one of same-origin, same-site, cross-site and none. Here it came twice or as another word: a proxy or a program added its own, and nobody can say which of the two is the word of the browser.',
    fix: 'Find what writes the header between browser and server, and let it pass on what came. A program of yours need not send it at all.',
    example: `
      import { honor } from 'hallpass';

      const secFetchSite = 'same-origin, cross-site';
      const request = { method: 'POST', hasCookie: true, secFetchSite };
      const verdict = honor(request, { origins: ['https://app.example.com'] });
      console.log(verdict.reasons[0]?.code); // → csrf-repeated
    `,
  },
  'csrf-foreign-origin': {
    why: 'The request says which page it comes from, and that origin is on no list. No Sec-Fetch-Site came beside it: the site is served over plain http, the browser is an old one, or a proxy removed the header. Scheme, host and port all count.',
    fix: "List the address that stands in the address bar, scheme, port and all: `origins: ['http://wiki.intra.example:8080']`, and behind a proxy the public name. 127.0.0.1 and localhost are two origins. If the origin is not yours, this is right.",
    example: `
      import { honor } from 'hallpass';

      const origin = 'http://wiki.intra.example:8080';
      const request = { method: 'POST', hasCookie: true, origin };
      const plain = 'http://wiki.intra.example';
      const verdict = honor(request, { origins: [plain] });
      console.log(verdict.reasons[0]?.code); // → csrf-foreign-origin
      console.log(honor(request, { origins: [plain, origin] }).allowed); // → true
    `,
    guide: 'faq.md#every-post-of-my-own-pages-is-a-403-csrf-refused',
  },
  'csrf-origins-unset': {
    why: 'The request names the page it comes from, and the server was never told which pages are its own. It does not take the Host header for it: the sender writes that, and a proxy changes it.',
    fix: "Write the public address into the options: `hallpass({ sessions, origins: ['https://app.example.com'] })`, from a setting that differs in development and production.",
    example: `
      import { honor } from 'hallpass';

      const origin = 'https://app.example.com';
      const request = { method: 'POST', hasCookie: true, origin };
      const verdict = honor(request, { origins: [] });
      console.log(verdict.reasons[0]?.code); // → csrf-origins-unset
      console.log(honor(request, { origins: [origin] }).allowed); // → true
    `,
    guide: 'faq.md#every-post-of-my-own-pages-is-a-403-csrf-refused',
  },
  'csrf-plain-origin': {
    why: 'The page was loaded over http and posts to https. The origin is on the list, but a page that came over http is the work of whoever sits on the way, so its word counts for nothing here. Names of this machine are excepted.',
    fix: 'Serve the pages over https too, and redirect http to it; then list the https origin alone. If the page itself is on https, a proxy may have rewritten Origin.',
    example: `
      import { honor } from 'hallpass';

      const origin = 'http://app.example.com';
      const request = { method: 'POST', hasCookie: true, secure: true, origin };
      const verdict = honor(request, { origins: [origin] });
      console.log(verdict.reasons[0]?.code); // → csrf-plain-origin
    `,
    guide: 'server.md#origins',
  },
  'csrf-opaque-origin': {
    why: 'The browser hides where the page comes from: it is in a sandboxed frame or a file, came through a redirect of another origin, or its Referrer-Policy is no-referrer. "null" can be anybody, so a list cannot name it; only a token can speak for the page.',
    fix: 'Set `csrf: { keys }` and put `context.csrfToken()` into the form (field csrf_token, or header x-csrf-token). If your own pages send it because of `Referrer-Policy: no-referrer`, use same-origin or strict-origin-when-cross-origin.',
    example: `
      import { honor } from 'hallpass';

      const request = { method: 'POST', hasCookie: true, origin: 'null' };
      const policy = { origins: ['https://app.example.com'] };
      const verdict = honor(request, policy);
      console.log(verdict.reasons[0]?.code); // → csrf-opaque-origin
      console.log(honor({ ...request, token: true }, policy).allowed); // → true
    `,
    guide: 'server.md#tokens-for-forms',
  },
  'csrf-token-missing': {
    why: "This server says `csrf: { bare: 'token' }`: a request with neither Sec-Fetch-Site nor Origin comes from a program or from a browser of before 2020, and has to show a token. It showed none, or one that is bound to another session or to before a login.",
    fix: "Let the program send `Authorization: Bearer …` and no cookie, which needs no token; or fetch a token and send it as x-csrf-token. If no old browser has to be served, leave `bare` at `'allow'`: such requests are not forged by pages of today's browsers.",
    example: `
      import { honor } from 'hallpass';

      const policy = {
        origins: ['https://app.example.com'],
        bare: 'token',
      } as const;
      const request = { method: 'POST', hasCookie: true };
      const verdict = honor(request, policy);
      console.log(verdict.reasons[0]?.code); // → csrf-token-missing
      const bearer = { method: 'POST', hasCookie: false, authScheme: 'Bearer' };
      console.log(honor(bearer, policy).allowed); // → true
    `,
    guide: 'server.md#tokens-for-forms',
  },
  'cors-origin': {
    why: 'Before a fetch that is more than a form could send, the browser asks whether the page may send it, and the page comes from an origin that is not listed. The answer has no Access-Control-Allow-Origin, so the browser shows the page a network error and never sends the request.',
    fix: "List the origin of the page as the address bar shows it, scheme and port included: `cors: { origins: ['https://app.example.com'] }`. Patterns and functions are possible, `'https://*.example.com'`. If the page is not yours, this is right.",
    example: `
      import { pipeline } from 'hallpass/server';

      const app = pipeline({
        cors: { origins: ['https://app.example.com'] },
        onWarning: false,
        onEvent: (event) => {
          if (event.type !== 'preflight-refused') return;
          console.log(event.reasons[0]?.code); // → cors-origin
        },
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
  'cors-method': {
    why: 'The origin is welcome, but the browser asks for a method that the answer does not allow, so it does not send the request. GET, HEAD and POST of a plain form need no such question.',
    fix: "Add the method: `cors: { methods: ['GET', 'POST', 'PUT', 'PURGE'] }`; the list replaces the default one. Names count as they are written: a page that says `method: 'patch'` asks for \"patch\", and should say PATCH.",
    example: `
      import { pipeline } from 'hallpass/server';

      const app = pipeline({
        cors: { origins: ['https://app.example.com'] },
        onWarning: false,
        onEvent: (event) => {
          if (event.type !== 'preflight-refused') return;
          console.log(event.reasons[0]?.code); // → cors-method
        },
      })(() => new Response());
      const headers = {
        origin: 'https://app.example.com',
        'access-control-request-method': 'PURGE',
      };
      const preflight = { method: 'OPTIONS', headers };
      await app(new Request('https://api.example.com/', preflight));
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'cors-header': {
    why: 'The page wants to send a header that `cors.allowHeaders` does not list. One that is missing is enough for the browser to send nothing at all, whatever else is right.',
    fix: "Add it: `cors: { allowHeaders: ['content-type', 'x-tenant'] }`, or leave `allowHeaders` out. Tracing and monitoring scripts add headers of their own (traceparent, sentry-trace, baggage); list them, or keep them off your API.",
    example: `
      import { pipeline } from 'hallpass/server';

      const app = pipeline({
        cors: { origins: ['https://app.example.com'] },
        onWarning: false,
        onEvent: (event) => {
          if (event.type !== 'preflight-refused') return;
          console.log(event.reasons[0]?.code); // → cors-header
        },
      })(() => new Response());
      const headers = {
        origin: 'https://app.example.com',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-tenant',
      };
      const preflight = { method: 'OPTIONS', headers };
      await app(new Request('https://api.example.com/', preflight));
    `,
    guide: 'server.md#cors-and-cookies',
  },
};

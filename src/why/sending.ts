/** Why a cookie that was kept is not sent, or reads as its default. */
export const sending = {
  'cookie-expired': {
    why: 'Its Max-Age or Expires lies in the past, by the clock of the one who keeps it. That is also how a cookie is deleted, so an answer may have deleted it on purpose.',
    fix: 'If it ended too soon: Max-Age counts seconds, not milliseconds, and wins over Expires; a server whose clock is wrong writes wrong dates, and Max-Age needs no clock. If a sign-out did it, this is right.',
    example: `
      import { CookieJar } from 'hallpass/jar';
      import { testClock } from 'hallpass/testing';

      const clock = testClock();
      const jar = new CookieJar({ clock });
      jar.set('id=7; Max-Age=60', 'https://app.example.com/');
      clock.advance('61s');
      const [cookie] = jar.select('https://app.example.com/');
      console.log(cookie?.verdict.reasons[0]?.code); // → cookie-expired
    `,
  },
  'other-host': {
    why: 'The cookie was set by another host, or for another domain. Without a Domain attribute it goes back to exactly the host that set it; not to www, not to api, not from localhost to 127.0.0.1. Ports and schemes do not matter here.',
    fix: 'Ask the host that set it, always by the same name. To have all hosts of a site get it, set it with `Domain=example.com`, and mind that every host below can then read and plant it. Across different domains no cookie travels: use one domain, or a token.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const jar = new CookieJar();
      jar.set('id=7', 'https://example.com/');
      const [cookie] = jar.select('https://www.example.com/');
      console.log(cookie?.verdict.reasons[0]?.code); // → other-host
      jar.set('id=7; Domain=example.com', 'https://example.com/');
      console.log(jar.header('https://www.example.com/')); // → id=7
    `,
  },
  'other-path': {
    why: 'The path of the request does not lie at or below the path of the cookie. Where no Path was written, it is the folder of the URL that set it: a cookie from /auth/login goes to /auth/… and to nothing else.',
    fix: 'Set it with Path=/. Path protects nothing, since pages of one origin read each other; it only saves sending a cookie where nobody reads it. If it is meant for one part of the server, this is right.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const jar = new CookieJar();
      jar.set('id=7', 'https://app.example.com/auth/login');
      const [cookie] = jar.select('https://app.example.com/cart');
      console.log(cookie?.verdict.reasons[0]?.code); // → other-path
      jar.set('id=7; Path=/', 'https://app.example.com/auth/login');
      console.log(jar.header('https://app.example.com/cart')); // → id=7
    `,
  },
  'needs-https': {
    why: 'The cookie goes over https only, and the URL says http: somebody on the way could read it. A link, a redirect or a base URL still names http.',
    fix: 'Write https. Find the redirect that leads to http with `hallpass trace URL`; a server behind a proxy that ends TLS often writes such Locations. On this machine, `secureOnLoopback: true` sends it over http, as Chromium and Firefox do.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const jar = new CookieJar();
      jar.set('id=7; Secure', 'https://app.example.com/');
      const [cookie] = jar.select('http://app.example.com/');
      console.log(cookie?.verdict.reasons[0]?.code); // → needs-https
    `,
  },
  'hidden-from-script': {
    why: 'document.cookie does not show it, and that is what HttpOnly is for: a script that got into the page cannot carry it away. The browser does send it with requests.',
    fix: 'Mostly this is right. A page that wants to know who is signed in asks the server (`fetch("/me")`). If a script has to read the value, such as a theme or a CSRF token, it is no secret: leave HttpOnly out.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const jar = new CookieJar();
      jar.set('id=7; HttpOnly', url);
      const script = {
        url,
        method: 'GET',
        initiator: { page: url },
        time: 0,
        script: true,
      };
      const [cookie] = jar.select(url, script);
      console.log(cookie?.verdict.reasons[0]?.code); // → hidden-from-script
    `,
  },
  'same-site-strict': {
    why: 'Another site started the request, be it by a mere link, or it came through a redirect of one. Strict cookies stay at home then, so a visitor who follows a link from a mail or a chat arrives signed out, and is signed in again after a reload.',
    fix: 'Use SameSite=Lax for the session: it comes along with links, and stays away from the rest. Keep Strict for a second cookie that confirms dangerous actions. If nobody should arrive signed in, this is right.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const jar = new CookieJar();
      jar.set('id=7; SameSite=Strict', url);
      const initiator = { page: 'https://mail.example.org/' };
      const link = {
        url,
        method: 'GET',
        initiator,
        time: Date.now(),
        navigation: true,
      };
      const verdict = jar.select(url, link)[0]?.verdict;
      console.log(verdict?.reasons[0]?.code); // → same-site-strict
    `,
  },
  'same-site-lax': {
    why: 'A page of another site sent this request by fetch, in a frame, for an image, or by a POST form, and Lax cookies only come along when a visitor follows a link. A cookie that says no SameSite counts as Lax. This is what protects you from forged requests.',
    fix: 'Put page and API under one site, as app.example.com and api.example.com: between these Lax travels. A form that another site posts back (payments, sign-in with a provider) does not bring the session: keep what you need in a short-lived cookie with `SameSite=None; Secure`. In a frame of another site use `SameSite=None; Secure; Partitioned`.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://app.example.com/';
      const jar = new CookieJar();
      jar.set('id=7; SameSite=Lax', url);
      const initiator = { page: 'https://shop.example.org/' };
      const fetched = { url, method: 'GET', initiator, time: Date.now() };
      const verdict = jar.select(url, fetched)[0]?.verdict;
      console.log(verdict?.reasons[0]?.code); // → same-site-lax
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'other-partition': {
    why: 'A partitioned cookie is kept once for each site in the address bar. It was set inside one top-level site and the request runs inside another one, or in a tab of its own; there it does not exist.',
    fix: 'Set it again where it is needed: each embedding site has its own. If one sign-in should hold on all sites, a partitioned cookie is the wrong tool; use a redirect to your own site, or the Storage Access API.',
    example: `
      import { CookieJar } from 'hallpass/jar';

      const url = 'https://chat.example.com/';
      const jar = new CookieJar();
      const inside = (page: string) =>
        ({ url, method: 'GET', initiator: { page }, time: Date.now() });
      const line = 'id=7; Secure; SameSite=None; Partitioned';
      jar.set(line, url, inside('https://shop.example.org/'));
      const [cookie] = jar.select(url, inside('https://news.example.net/'));
      console.log(cookie?.verdict.reasons[0]?.code); // → other-partition
    `,
  },
  'cookie-missing': {
    why: 'The definition was asked for a value, and the Cookie header had none of that name: it was never set, the browser withheld or dropped it, or the visitor deleted it.',
    fix: "Give the definition a default: `defineCookie('theme', { default: 'light' })`. If the cookie was set, ask why it did not come: `hallpass lint URL` says on which journeys browsers send it.",
    example: `
      import { defineCookie } from 'hallpass';

      const theme = defineCookie('theme', { default: 'light' });
      console.log(theme.read('')); // → light
      console.log(theme.explain('').reasons[0]?.code); // → cookie-missing
    `,
  },
  'cookie-invalid': {
    why: 'A cookie of that name came, and its codec or its schema refuses the value: it was written by an older version, by other code on the same domain, or by hand. Visitors can send anything, so it reads as missing and is no error.',
    fix: 'If old values are still about, let the schema accept them, or give the cookie a new name. If a signature or a seal broke, see whether the key is still on the ring. Otherwise leave it: the next `set` replaces it.',
    example: `
      import { defineCookie } from 'hallpass';

      const count = defineCookie('count', { format: 'json' });
      const verdict = count.explain('count=%7B');
      console.log(verdict.reasons[0]?.code); // → cookie-invalid
    `,
  },
  'duplicate-cookie': {
    why: 'The browser holds several cookies of this name, with different paths or domains, and sends them all; nothing in the header says which is which. The one with the longer path stands first. Often an older version of the application set one with a Domain, and it lives on.',
    fix: "Expire the others: list where the cookie lived in `former`, as `defineCookie('id', { former: [{ domain: 'example.com' }] })`, and every write deletes them. Where a sibling host may have planted one, put __Host- in front of the name. It is an event of this name where a cookie of sessions or tokens came several times; the pipeline has `ambiguous-cookies`, one event for the whole header, with this reason for each such name.",
    example: `
      import { defineCookie } from 'hallpass';

      const theme = defineCookie('theme');
      const verdict = theme.explain('theme=dark; theme=light');
      console.log(verdict.allowed); // → true
      console.log(verdict.warnings[0]?.code); // → duplicate-cookie
    `,
    guide: 'cookies.md#define-a-cookie-once',
  },
  'comma-joined-cookie': {
    why: 'Several Cookie header fields were joined by commas, as other headers are; a proxy, a gateway or a test may do so. Cookies are divided by semicolons only, so what follows the comma is part of the value before it. Splitting there would let a value pose as another cookie.',
    fix: 'Mend who joins: Cookie fields are joined by a semicolon and a space (RFC 9113 §8.2.3). In a test write one header, `cookie: "a=1; b=2"`. If a value may hold a comma of its own, leave it.',
    example: `
      import { cookieHeaderWarnings } from 'hallpass';

      const [warning] = cookieHeaderWarnings('id=7, theme=dark');
      console.log(warning?.code); // → comma-joined-cookie
    `,
    guide: 'server.md#what-the-pipeline-tells',
  },
};

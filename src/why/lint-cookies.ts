/** What browsers do with a cookie that its author may not have meant. */
export const lintCookies = {
  'prefix-not-enforced': {
    why: 'Chromium and Firefox refuse a cookie whose name begins with __Host- or __Secure- and that does not keep what the prefix promises. WebKitGTK takes it: there a sibling host can set a __Host- cookie for the whole site. Only the answers for that engine say this.',
    fix: 'Leave the prefix: it protects everybody else. Let no decision of the server hang on the prefix alone; a session whose cookie is looked up or sealed does not.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = '__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line).length); // → 0
      const [found] = lintSetCookie(line, { engine: 'webkit' });
      console.log(found?.code); // → prefix-not-enforced
    `,
  },
  'same-site-unsaid': {
    why: 'Chromium and what is built on it take such a cookie for Lax; others send it with requests of every site. The same application is protected from forged requests in one browser and not in another, or works in one and not in the other.',
    fix: 'Say what you mean. SameSite=Lax for nearly all; Strict for what no link should bring along; `None; Secure` for what has to work inside other sites.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly';
      console.log(lintSetCookie(line)[0]?.code); // → same-site-unsaid
      console.log(lintSetCookie(line + '; SameSite=Lax').length); // → 0
    `,
  },
  'domain-widens': {
    why: 'With Domain=example.com each host below example.com gets the cookie and can set one of the same name: the blog at a hosting firm, a forgotten test server, whoever takes over a name that points nowhere.',
    fix: 'Leave Domain out, and give hosts that need to know the visitor another way, such as a sign-in of their own. If two hosts really share a session and all others are in good hands, leave it: it is a note.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const url = 'https://app.example.com/';
      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      const wide = line + '; Domain=example.com';
      console.log(lintSetCookie(wide, { url })[0]?.code); // → domain-widens
      console.log(lintSetCookie(line, { url }).length); // → 0
    `,
  },
  'travels-in-clear': {
    why: 'It is enough that one link or one typed address says http: the browser then sends the cookie readable for everybody in the same network, before your redirect to https comes. Who reads it can use it; who answers can replace it.',
    fix: 'Add Secure. Strict-Transport-Security helps too, and not at the first visit. On localhost over http Chromium and Firefox keep Secure cookies, Safari does not.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → travels-in-clear
      console.log(lintSetCookie(line + '; Secure').length); // → 0
    `,
  },
  'script-readable': {
    why: 'Its name sounds like a session, a token or a password, and document.cookie shows it. One script that does not belong there, from an advertisement, a package or an injected comment, can carry it away and sign in from elsewhere.',
    fix: 'Add HttpOnly. If your own script needs it, to put it into a header say, let the browser send the cookie instead. If it is no secret, give it a name that says so, or `sensitive: false` in its definition.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = '__Host-auth=1; Path=/; Secure; SameSite=Lax';
      console.log(lintSetCookie(line)[0]?.code); // → script-readable
      console.log(lintSetCookie(line + '; HttpOnly').length); // → 0
    `,
  },
  'sibling-can-plant': {
    why: 'A cookie comes back without a word on who set it. Any host of the site can set one of this name with a Domain, and visitors go on in a session that somebody else chose, and knows (session fixation).',
    fix: 'Put __Host- in front of the name, with Secure, Path=/ and no Domain: browsers then take it from this host only. If no other host of the site exists and none ever will, it may stay.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const good = '=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      const [finding] = lintSetCookie('session' + good);
      console.log(finding?.code); // → sibling-can-plant
      console.log(lintSetCookie('__Host-session' + good).length); // → 0
    `,
  },
  'third-party-blocked': {
    why: 'A cookie with SameSite=None is made to work in frames and fetches of other sites. Safari and Firefox withhold or divide such cookies by default and Chromium lets users choose, so a widget or an embedded sign-in finds its visitor a stranger.',
    fix: 'Add Partitioned: the cookie then works inside each site, apart. If it is for your own site only, write SameSite=Lax. For one sign-in across sites use redirects, or the Storage Access API.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=None';
      console.log(lintSetCookie(line)[0]?.code); // → third-party-blocked
      console.log(lintSetCookie(line + '; Partitioned').length); // → 0
    `,
    guide: 'server.md#cors-and-cookies',
  },
  'long-lived-secret': {
    why: 'Whoever gets a copy, from a backup of the browser, a log or a borrowed computer, is the visitor until it ends. The longer it lives, the more copies there are.',
    fix: 'A day, renewed while it is used: `idle` and `absolute` of `createSessions` do so on the server, whatever the cookie says. For "keep me signed in" a long life is what the visitor asked for; then it can be ended from elsewhere, and you may leave it.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = '__Host-token=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      const [finding] = lintSetCookie(line + '; Max-Age=2592000');
      console.log(finding?.code); // → long-lived-secret
      console.log(lintSetCookie(line + '; Max-Age=86400').length); // → 0
    `,
    guide: 'sessions.md#lifetimes',
  },
  'safari-drops': {
    why: 'The cookie is set by http://localhost. Chromium and Firefox treat this machine as if it were https; Safari does not, and drops the cookie without a word, so a sign-in works for everybody but the colleague with Safari.',
    fix: "Serve https in development too (mkcert makes a certificate that the machine trusts). Or leave Secure and the prefix out there only, by a setting that production does not have: `cookie: { name: 'session', secure: false }` for a session of hallpass. If nobody uses Safari, leave it.",
    example: `
      import { lintSetCookie } from 'hallpass';

      const url = 'http://localhost:3000/';
      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      console.log(lintSetCookie(line, { url })[0]?.code); // → safari-drops
    `,
    guide: 'faq.md#the-browser-does-not-keep-my-cookie',
  },
  'response-cacheable': {
    why: 'A CDN or a proxy may keep an answer together with its Set-Cookie line, and give both to the next visitor, who is then signed in as the first one.',
    fix: 'Send `Cache-Control: private, no-store` with whatever sets a cookie; the pipeline does so with every answer that touches a session. Set cookies in answers that are not to be cached at all.',
    example: `
      import { lintSetCookie } from 'hallpass';

      const line = 'a=1; Path=/; Secure; HttpOnly; SameSite=Lax';
      const headers = new Headers({ 'cache-control': 'public, max-age=60' });
      const [finding] = lintSetCookie(line, { headers });
      console.log(finding?.code); // → response-cacheable
    `,
  },
};

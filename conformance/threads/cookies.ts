import type { Thread } from './thread.ts';

/** Threads about what one cookie says of itself. */
export const cookieThreads: readonly Thread[] = [
  {
    source: 'https://github.com/vvo/iron-session/issues/500',
    complaint: 'No cookie is set when the app is opened by its address instead of localhost.',
    input: {
      kind: 'line',
      text: 'iron-session=sealed; Max-Age=1209540; Path=/; HttpOnly; Secure; SameSite=Lax',
      from: 'http://192.0.2.10:3000/api/login',
    },
    cause: 'secure-from-insecure',
  },
  {
    source: 'https://github.com/vasansr/pro-mern-stack-2/issues/32',
    complaint: 'The sign-in is forgotten at every refresh, on Heroku only.',
    input: {
      kind: 'line',
      text: 'jwt=token; Domain=herokuapp.com; Path=/; HttpOnly',
      from: 'https://tracker-api.herokuapp.com/auth/signin',
    },
    cause: 'domain-public-suffix',
  },
  {
    source: 'https://github.com/expressjs/session/issues/659',
    complaint: 'Every request begins a new session; the browser shows no cookie at all.',
    input: {
      kind: 'line',
      text: 'connect.sid=s%3Aid; Domain=http://localhost:8080; Path=/; HttpOnly',
      from: 'http://localhost:8080/login',
    },
    cause: 'domain-foreign',
  },
  {
    source: 'https://github.com/orestbida/cookieconsent/issues/11',
    complaint: 'The cookie is not created when the page is served on a port of its own.',
    input: {
      kind: 'line',
      text: 'cc_cookie=yes; Domain=shop.example:8890; Path=/; SameSite=Lax',
      from: 'http://shop.example:8890/',
    },
    cause: 'domain-foreign',
  },
  {
    source: 'https://github.com/JustFixNYC/tenants2/pull/1684',
    complaint: 'Session and CSRF cookies are broken in local development since SameSite=None is set.',
    input: {
      kind: 'line',
      text: 'sessionid=id; HttpOnly; Path=/; SameSite=None',
      from: 'http://localhost:8000/login',
    },
    cause: 'none-without-secure',
  },
  {
    source: 'https://github.com/teamhanko/hanko/issues/2471',
    complaint: 'The login flow never completes in Safari, and does in Chrome.',
    input: {
      kind: 'line',
      text: 'hanko=token; Path=/; HttpOnly; Secure; SameSite=Strict',
      from: 'http://localhost:8888/login',
    },
    cause: 'safari-drops',
  },
  {
    source: 'https://github.com/js-cookie/js-cookie/issues/470',
    complaint: 'Setting a cookie with much in it fails, and nothing says so.',
    input: {
      kind: 'line',
      text: `test=${'x'.repeat(4_200)}; Path=/; Secure; SameSite=Lax`,
      from: 'https://app.example/',
    },
    cause: 'cookie-too-large',
  },
  {
    source: 'https://github.com/istio-ecosystem/authservice/pull/351',
    complaint: 'Visitors go round between the app and the identity provider for ever.',
    input: {
      kind: 'line',
      text: '__Host-app-session-id-cookie=id; HttpOnly; Secure; Path=/; SameSite=Lax; Domain=example.com',
      from: 'https://app.example.com/',
    },
    cause: 'prefix-host',
  },
  {
    source: 'https://github.com/restify/node-restify/issues/779',
    complaint: 'Of several cookies in one answer only the first arrives.',
    input: {
      kind: 'line',
      text: 'user=ada; Path=/, lang=en; Path=/',
      from: 'https://api.example/',
    },
    cause: 'lines-joined',
  },
  {
    source: 'https://github.com/DavidWells/netlify-functions-workshop/issues/7',
    complaint: 'The cookie should live two weeks, and lives as long as the browser lets it.',
    input: {
      kind: 'line',
      text: 'my_cookie=hello; Max-Age=1209600000; Path=/; HttpOnly; Secure; SameSite=Lax',
      from: 'https://site.example/.netlify/functions/set-cookie',
    },
    cause: 'lifetime-capped',
  },
  {
    source: 'https://github.com/cmp-cc/vue-cookies/issues/13',
    complaint: 'The cookie is in the developer tools and the script reads null.',
    input: {
      kind: 'line',
      text: 'account=ada; Path=/; HttpOnly; Secure; SameSite=Lax',
      from: 'https://app.example/',
      journey: 'page-script',
    },
    cause: 'hidden-from-script',
  },
  {
    source: 'https://github.com/js-cookie/js-cookie/issues/854',
    complaint: 'The cookie of the main site is not there on dashboard., its subdomain.',
    input: {
      kind: 'line',
      text: 'jellosite-user=ada; Path=/; Max-Age=8640000; Secure; SameSite=Lax',
      from: 'https://jellosite.example/',
      journey: 'subdomain',
    },
    cause: 'other-host',
  },
  {
    source: 'https://github.com/apache/grails-core/issues/11269',
    complaint: 'An invalid character is said to be in the value of a cookie that holds JSON.',
    input: {
      kind: 'line',
      text: 'test={"firstName":"name","age":10}; Path=/; Secure; SameSite=Lax',
      from: 'https://app.example/',
    },
    cause: 'value-json',
  },
  {
    source: 'https://github.com/rstudio/rstudio/pull/17647',
    complaint: 'The sign-in does not hold inside a frame, though the cookie is Partitioned.',
    input: {
      kind: 'line',
      text: 'user-id=ada; Path=/; HttpOnly; Partitioned',
      from: 'https://studio.example/auth-sign-in',
    },
    cause: 'partitioned-without-secure',
  },
  {
    source: 'https://github.com/auth0/nextjs-auth0/pull/571',
    complaint: 'Signing in inside a frame works in Chrome, and neither in its private windows nor in Safari.',
    input: {
      kind: 'line',
      text: 'appSession=sealed; Path=/; HttpOnly; Secure; SameSite=None',
      from: 'https://app.example/api/auth/callback',
    },
    cause: 'third-party-blocked',
  },
  {
    source: 'https://github.com/windmill-labs/windmill/issues/7067',
    complaint: 'The login button does nothing while the app is in a frame of another site.',
    input: {
      kind: 'line',
      text: 'token=secret; Path=/; HttpOnly; Secure; SameSite=Lax',
      from: 'https://app.windmill.example/api/auth/login',
      journey: 'cross-site-iframe',
    },
    cause: 'same-site-from-cross-site',
  },
  {
    source: 'https://github.com/sergiodxa/remix-auth/issues/232',
    complaint: 'The session is not there when the identity provider sends the visitor back.',
    input: {
      kind: 'line',
      text: '_session=sealed; Path=/; HttpOnly; Secure; SameSite=Strict',
      from: 'https://app.example/login',
      journey: 'cross-site-link',
    },
    cause: 'same-site-strict',
  },
  {
    source: 'https://github.com/shetabit/payment/issues/148',
    complaint: 'Whoever comes back from the bank is signed out.',
    input: {
      kind: 'line',
      text: 'laravel_session=sealed; Max-Age=7200; Path=/; HttpOnly; Secure; SameSite=Lax',
      from: 'https://shop.example/checkout',
      journey: 'cross-site-post',
    },
    cause: 'same-site-lax',
  },
  {
    source: 'https://github.com/socketio/engine.io/pull/306',
    complaint: 'The cookie of the socket server does not come to the other routes of the API.',
    input: { kind: 'line', text: 'io=sid; HttpOnly', from: 'https://chat.example/engine.io/' },
    cause: 'path-unsaid',
  },
  {
    source: 'https://github.com/cakephp/cakephp/issues/15142',
    complaint: 'The session is lost at the return from the payment gateway by POST, and not by GET.',
    input: {
      kind: 'definition',
      text: "'CAKEPHP', { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: 7200 }",
      from: 'https://shop.example/checkout',
      journey: 'cross-site-post',
    },
    cause: 'same-site-lax',
  },
  {
    source: 'https://github.com/expressjs/session/issues/281',
    complaint: 'A secure session cookie does not work behind nginx, which ends TLS.',
    input: {
      kind: 'definition',
      text: `session({
  name: 'connect.sid',
  secret: sessionSecret,
  resave: false, // the store has touch
  cookie: { secure: true, httpOnly: true, domain: 'example.net', path: '/' },
})`,
      from: 'http://app.example.net/',
    },
    cause: 'secure-from-insecure',
  },
];

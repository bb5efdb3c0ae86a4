import { harOf, type Thread } from './thread.ts';

/** Threads about what happened between two requests, told as curl -v or a HAR file tells it. */
export const requestThreads: readonly Thread[] = [
  {
    source: 'https://github.com/forwardemail/superagent/issues/1507',
    complaint: 'The agent of a test signs in, and its next request comes without the cookie.',
    input: {
      kind: 'curl',
      text: `*   Trying 127.0.0.1:40123...
* Connected to 127.0.0.1 (127.0.0.1) port 40123
> POST /login HTTP/1.1
> Host: 127.0.0.1:40123
> Content-Type: application/json
>
< HTTP/1.1 200 OK
< Set-Cookie: koa.sess=secret; path=/; secure; httponly; samesite=lax
< Content-Length: 2
<
OK`,
    },
    cause: 'secure-from-insecure',
  },
  {
    source: 'https://github.com/follow-redirects/follow-redirects/issues/174',
    complaint: '401 after a redirect from the bare domain to www: the Authorization header is gone.',
    input: {
      kind: 'curl',
      text: `* Connected to site.example (192.0.2.1) port 443
* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384
> GET /api/items HTTP/1.1
> Host: site.example
> Authorization: Bearer secret
> Accept: */*
>
< HTTP/1.1 301 Moved Permanently
< Location: https://www.site.example/api/items
< Content-Length: 0
<
* Issue another request to this URL: 'https://www.site.example/api/items'
* Connected to www.site.example (192.0.2.1) port 443
> GET /api/items HTTP/1.1
> Host: www.site.example
> Accept: */*
>
< HTTP/1.1 401 Unauthorized
< WWW-Authenticate: Bearer
<`,
    },
    cause: 'scope-other-host',
  },
  {
    source: 'https://github.com/algesten/ureq/issues/442',
    complaint: 'The token does not come along to the same host when the redirect names another port.',
    input: {
      kind: 'curl',
      text: `* Connected to 127.0.0.1 (127.0.0.1) port 8080
> GET /redir HTTP/1.1
> Host: 127.0.0.1:8080
> Authorization: token secret
>
< HTTP/1.1 301 Moved Permanently
< Location: http://127.0.0.1:8042/next
<
* Connected to 127.0.0.1 (127.0.0.1) port 8042
> GET /next HTTP/1.1
> Host: 127.0.0.1:8042
>
< HTTP/1.1 401 Unauthorized
<`,
    },
    cause: 'scope-other-port',
  },
  {
    source: 'https://github.com/psf/requests/issues/4515',
    complaint: 'A POST arrives as a GET and without its form.',
    input: {
      kind: 'curl',
      text: `* Connected to app.example (192.0.2.1) port 80
> POST /script HTTP/1.1
> Host: app.example
> Content-Type: application/x-www-form-urlencoded
> Content-Length: 7
>
< HTTP/1.1 302 Found
< Location: https://app.example/script
<
* Connected to app.example (192.0.2.1) port 443
* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384
> GET /script HTTP/1.1
> Host: app.example
>
< HTTP/1.1 405 Method Not Allowed
<`,
    },
    cause: 'post-becomes-get',
  },
  {
    source: 'https://github.com/expressjs/cors/issues/36',
    complaint:
      "A wildcard '*' cannot be used in Access-Control-Allow-Origin, says the browser; curl is served.",
    input: {
      kind: 'curl',
      text: `* Connected to localhost (127.0.0.1) port 8080
> POST / HTTP/1.1
> Host: localhost:8080
> Origin: http://requirebin.example
> Cookie: sid=secret
> Content-Type: text/plain
>
< HTTP/1.1 200 OK
< Access-Control-Allow-Origin: *
< Vary: Origin
<`,
    },
    cause: 'cors-any-origin',
  },
  {
    source: 'https://github.com/eclipse-kapua/kapua/issues/525',
    complaint: 'Every call with a token works in Postman, and from a page of another origin none does.',
    input: {
      kind: 'curl',
      text: `* Connected to api.example (192.0.2.1) port 443
* using HTTP/2
> OPTIONS /v1/devices HTTP/2
> Host: api.example
> Origin: https://console.example
> Access-Control-Request-Method: GET
> Access-Control-Request-Headers: authorization
>
< HTTP/2 200
< access-control-allow-origin: https://console.example
< access-control-allow-methods: GET, POST, PUT, DELETE
< access-control-allow-headers: X-Requested-With, Content-Type, X-Access-Token
<`,
    },
    cause: 'cors-header',
  },
  {
    source: 'https://github.com/IBM/mcp-context-forge/issues/2539',
    complaint: 'The right password leads back to the login page, again and again.',
    input: {
      kind: 'curl',
      text: `* Connected to gateway.example (192.0.2.1) port 4444
> POST /admin/login HTTP/1.1
> Host: gateway.example:4444
>
< HTTP/1.1 303 See Other
< set-cookie: jwt_token=secret; HttpOnly; Path=/; SameSite=lax; Secure
< location: http://gateway.example:4444/admin
<
> GET /admin HTTP/1.1
> Host: gateway.example:4444
>
< HTTP/1.1 302 Found
< location: http://gateway.example:4444/admin/login
<`,
    },
    cause: 'secure-from-insecure',
  },
  {
    source: 'https://github.com/FoalTS/foal/issues/357',
    complaint: 'The login succeeds and its redirect leads back to the login page.',
    input: {
      kind: 'har',
      text: harOf([
        {
          method: 'POST',
          url: 'https://todo.example/auth/login',
          status: 302,
          response: { Location: '/', 'Set-Cookie': 'connect.sid=secret; HttpOnly; Secure; SameSite=Lax' },
        },
        { url: 'https://todo.example/', status: 302, response: { Location: '/signin' } },
        { url: 'https://todo.example/signin' },
      ]),
    },
    cause: 'other-path',
  },
  {
    source: 'https://github.com/workos/authkit-remix/issues/77',
    complaint: 'Behind a load balancer that ends TLS the callback redirects without end.',
    input: {
      kind: 'har',
      text: harOf([
        {
          url: 'https://app.example/callback?code=secret',
          status: 302,
          response: {
            Location: 'http://app.example/',
            'Set-Cookie': 'wos-session=secret; Path=/; HttpOnly; Secure; SameSite=Lax',
          },
        },
        {
          url: 'http://app.example/',
          status: 302,
          response: { Location: 'https://idp.example/authorize' },
        },
      ]),
    },
    cause: 'needs-https',
  },
  {
    source: 'https://github.com/expressjs/session/issues/644',
    complaint: 'Set-Cookie is in the answer and the browser keeps no cookie.',
    input: {
      kind: 'har',
      text: harOf([
        {
          method: 'POST',
          url: 'http://myhost.example:3000/login',
          request: {
            Origin: 'http://myhost.example:8080',
            Referer: 'http://myhost.example:8080/',
            'Sec-Fetch-Mode': 'cors',
            'Sec-Fetch-Site': 'same-site',
            'Sec-Fetch-Dest': 'empty',
          },
          response: {
            'Access-Control-Allow-Origin': 'http://myhost.example:8080',
            'Set-Cookie': 'testsession=secret; Path=/; SameSite=Lax',
          },
        },
      ]),
    },
    cause: 'cors-no-credentials',
  },
  {
    source: 'https://github.com/hanrenguang/notes/issues/15',
    complaint: 'The server allows credentials, and the next request of the page comes without the cookie.',
    input: {
      kind: 'har',
      text: harOf(
        ['/login', '/me'].map((path) => ({
          method: path === '/login' ? 'POST' : 'GET',
          url: `http://localhost:3000${path}`,
          request: {
            Origin: 'http://localhost:8080',
            Referer: 'http://localhost:8080/',
            'Sec-Fetch-Mode': 'cors',
            'Sec-Fetch-Site': 'same-site',
            'Sec-Fetch-Dest': 'empty',
          },
          status: path === '/login' ? 200 : 401,
          response: {
            'Access-Control-Allow-Origin': 'http://localhost:8080',
            'Access-Control-Allow-Credentials': 'true',
            ...(path === '/login' && { 'Set-Cookie': 'sessionId=secret; Path=/; HttpOnly; SameSite=Lax' }),
          },
        })),
      ),
    },
    cause: 'credentials-omitted',
  },
  {
    source: 'https://github.com/expressjs/express/issues/691',
    complaint: 'res.clearCookie() does nothing: the cookie keeps coming.',
    input: {
      kind: 'har',
      text: harOf([
        {
          method: 'POST',
          url: 'https://app.example/login',
          response: { 'Set-Cookie': 'token=secret; Path=/; HttpOnly; Secure; SameSite=Lax' },
        },
        {
          method: 'POST',
          url: 'https://app.example/account/logout',
          request: { Cookie: 'token=secret' },
          response: { 'Set-Cookie': 'token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT' },
        },
        { url: 'https://app.example/', request: { Cookie: 'token=secret' } },
      ]),
    },
    cause: 'deletion-missed',
  },
  {
    source: 'https://github.com/tbar0970/jethro-pmm/issues/818',
    complaint: 'Two session cookies of one name, one of them for the domain: the next page is signed out.',
    input: {
      kind: 'har',
      text: harOf([
        {
          method: 'POST',
          url: 'https://members.example.org/members/',
          response: { 'Set-Cookie': 'JethroSession=one; Path=/; Secure; HttpOnly; SameSite=Lax' },
        },
        {
          url: 'https://members.example.org/members/',
          request: { Cookie: 'JethroSession=one' },
          response: {
            'Set-Cookie':
              'JethroSession=two; Domain=members.example.org; Path=/; Secure; HttpOnly; SameSite=Lax',
          },
        },
        {
          url: 'https://members.example.org/members/?view=persons',
          request: { Cookie: 'JethroSession=one; JethroSession=two' },
          status: 302,
        },
      ]),
    },
    cause: 'duplicate-cookie',
  },
  {
    source: 'https://github.com/OrchardCMS/OrchardCore/issues/2333',
    complaint: 'After a visit over https nobody can sign in over http in that browser.',
    input: {
      kind: 'har',
      text: harOf([
        {
          method: 'POST',
          url: 'https://cms.example/Login',
          response: { 'Set-Cookie': 'orchauth=one; Path=/; Secure; HttpOnly; SameSite=Lax' },
        },
        {
          method: 'POST',
          url: 'http://cms.example/Login',
          status: 302,
          response: { Location: '/Admin', 'Set-Cookie': 'orchauth=two; Path=/; HttpOnly; SameSite=Lax' },
        },
        { url: 'http://cms.example/Admin', status: 302, response: { Location: '/Login' } },
      ]),
    },
    cause: 'overlays-secure',
  },
  {
    source: 'https://github.com/matomo-org/matomo/issues/15414',
    complaint: 'The automatic sign-in of an embedded dashboard ends with 403 since an update.',
    input: {
      kind: 'har',
      text: harOf([
        {
          url: 'https://matomo.example/index.php?module=Login',
          request: {
            Referer: 'https://portal.example.net/',
            'Sec-Fetch-Site': 'cross-site',
            'Sec-Fetch-Mode': 'navigate',
            'Sec-Fetch-Dest': 'iframe',
          },
          status: 302,
          response: {
            Location: 'https://matomo.example/index.php?module=Widgetize',
            'Set-Cookie': 'MATOMO_SESSID=secret; path=/; secure; HttpOnly; SameSite=Lax',
          },
        },
        {
          url: 'https://matomo.example/index.php?module=Widgetize',
          request: {
            Referer: 'https://portal.example.net/',
            'Sec-Fetch-Site': 'cross-site',
            'Sec-Fetch-Mode': 'navigate',
            'Sec-Fetch-Dest': 'iframe',
          },
          status: 403,
        },
      ]),
    },
    cause: 'same-site-from-cross-site',
  },
];

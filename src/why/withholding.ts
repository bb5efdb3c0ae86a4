/** Why a credential, a header or a body stays behind, and what a redirect changes. */
export const withholding = {
  'scope-other-host': {
    why: 'The request left the hosts that this secret was given for, nearly always because a redirect led elsewhere. What a Location names is the word of the server, and not yours; a token that follows it lands with whoever is named there.',
    fix: "If the other host is yours too and must have it, list it: `bearer(token, { for: ['https://api.example.com', 'https://*.example.com'] })`. If it is a download server or a CDN whose URL is signed, this is right, and it would often refuse a request that has two credentials.",
    example: `
      import { bearer, createClient, traceOf } from 'hallpass/client';

      const location = 'https://files.example.net/7';
      const client = createClient({
        credentials: bearer('a-token', { for: 'https://api.example.com' }),
        transport: async ({ url }) =>
          url === location ? new Response('file') : Response.redirect(location),
      });
      const trace = traceOf(await client.fetch('https://api.example.com/file'));
      const [secret] = trace.hops[1]?.secrets ?? [];
      console.log(secret?.verdict.reasons[0]?.code); // → scope-other-host
    `,
    guide: 'faq.md#why-did-my-authorization-header-not-arrive-after-a-redirect',
  },
  'scope-other-port': {
    why: 'Host and scheme are right and the port is not. Another port is another server: on one machine it may belong to anybody.',
    fix: 'Write the port into the scope, `https://api.example.com:8443`, or `https://api.example.com:*` for all of them. Look whether the port was meant at all; an internal one often gets into a Location by mistake.',
    example: `
      import { release } from 'hallpass';

      const secret = { name: 'authorization', for: 'https://api.example.com' };
      const url = 'https://api.example.com:8443/';
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → scope-other-port
      const wider = { ...secret, for: 'https://api.example.com:*' };
      console.log(release(wider, hop).allowed); // → true
    `,
    guide: 'client.md#a-credential-has-a-scope',
  },
  'scope-downgrade': {
    why: 'The host is right, but the request goes over plain http, where anybody on the way can read the secret and change the answer. A server behind a proxy that ends TLS often writes such a Location, since it believes itself to be on http.',
    fix: 'Mend the server: let it know its public address (X-Forwarded-Proto, or the base URL in its settings). Nothing has to be done in the client; `http://…` in the scope would send the secret in the clear.',
    example: `
      import { release } from 'hallpass';

      const secret = { name: 'authorization', for: 'https://api.example.com' };
      const url = 'http://api.example.com/';
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → scope-downgrade
    `,
    guide: 'faq.md#why-did-my-authorization-header-not-arrive-after-a-redirect',
  },
  'scope-other-scheme': {
    why: 'The scope says http with a port of its own, and the request goes to https. A scope of http covers its upgrade to https on the usual ports only; on any other it may be another server.',
    fix: 'Write the scope as the server is reached today: `https://api.example.com`. For a development server that has both, list both.',
    example: `
      import { release } from 'hallpass';

      const secret = {
        name: 'authorization',
        for: 'http://api.example.com:8080',
      };
      const url = 'https://api.example.com/';
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → scope-other-scheme
    `,
    guide: 'client.md#a-credential-has-a-scope',
  },
  'scope-other-path': {
    why: 'The origin is right, and the path is neither the one of the scope nor below it. Paths are compared segment by segment, as they stand in the URL: `/v1` covers `/v1` and `/v1/users`, and not `/v10`; `/caf%c3%a9` is another path than `/caf%C3%A9`.',
    fix: 'Name the path that has to be covered, or list several scopes. If the credential may go to the whole origin, write the scope as a string: a path is no security boundary, since whoever controls another path of an origin can get at what is sent to this one.',
    example: `
      import { release } from 'hallpass';

      const scope = { origin: 'https://api.example.com', path: '/v1' };
      const secret = { name: 'x-api-key', for: scope };
      const url = 'https://api.example.com/v10/users';
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → scope-other-path
    `,
    guide: 'client.md#a-part-of-an-origin',
  },
  'scope-ambiguous-path': {
    why: 'Some servers and proxies decode `%2f`, `%5c` and `%2e` before they look for the resource, or longer forms of them as `%c0%ae`, or drop an empty segment or what follows a `;`, and others do not. Of such a path nobody can say whether it lies below the one of the scope, so a scope with a path never covers it. Escapes of escapes, as `%252f`, count too.',
    fix: 'Take the slash out of the parameter, or send it in the query. If the API wants encoded slashes in its paths, as for the name of a project, give the credential the whole origin.',
    example: `
      import { release } from 'hallpass';

      const scope = { origin: 'https://api.example.com', path: '/v1' };
      const secret = { name: 'x-api-key', for: scope };
      const url = 'https://api.example.com/v1/..%2fadmin';
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      const [reason] = release(secret, hop).reasons;
      console.log(reason?.code); // → scope-ambiguous-path
    `,
    guide: 'client.md#a-part-of-an-origin',
  },
  'scope-other-method': {
    why: 'Origin and path are right, and the credential is meant for other methods. A redirect can change the method: POST becomes GET on 301 and 302, and all but HEAD becomes GET on 303.',
    fix: 'Add the method to `methods`. HEAD is not GET: who may read with both lists both.',
    example: `
      import { release } from 'hallpass';

      const origin = 'https://api.example.com';
      const secret = { name: 'x-api-key', for: { origin, methods: ['GET'] } };
      const url = 'https://api.example.com/users';
      const hop = { url, method: 'HEAD', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → scope-other-method
    `,
    guide: 'client.md#a-part-of-an-origin',
  },
  'left-origin': {
    why: 'This header was written for one call, so it belongs to the origin of that call. The chain of redirects went through another origin and came back; whoever stands in between chose the URL, and a header of one call does not follow.',
    fix: 'Make it a credential: `credentials: bearer(token, { for: "https://api.example.com" })` is asked anew at every hop and comes back with the chain. If nobody expected the detour, look at it with `hallpass trace URL`.',
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const steps = ['https://b.test/', 'https://a.test/done'];
      const client = createClient({
        transport: async () => {
          const next = steps.shift();
          return next === undefined ? new Response() : Response.redirect(next);
        },
      });
      const headers = { authorization: 'Bearer a-token' };
      const trace = traceOf(await client.fetch('https://a.test/', { headers }));
      const reasons = trace.hops[2]?.secrets[0]?.verdict.reasons ?? [];
      console.log(reasons[0]?.code); // → left-origin
    `,
    guide: 'faq.md#does-a-credential-come-back-when-the-chain-does',
  },
  'explicit-wins': {
    why: 'Two sources wanted to write the same header, and the nearer one won: what a call says stands before what the client holds, and a credential that was listed earlier before a later one. Two Authorization headers cannot be sent.',
    fix: 'If the winner is right, leave it. To have the credential of the client sent, take the header out of the call. Credentials for different hosts do not meet: give each its `for`.',
    example: `
      import { bearer, createClient, traceOf } from 'hallpass/client';

      const client = createClient({
        baseUrl: 'https://api.example.com',
        credentials: bearer('of the client'),
        transport: async () => new Response(),
      });
      const headers = { authorization: 'Bearer of-the-call' };
      const trace = traceOf(await client.fetch('/', { headers }));
      const refused = trace.hops[0]?.secrets.find((one) => !one.verdict.allowed);
      console.log(refused?.verdict.reasons[0]?.code); // → explicit-wins
    `,
    guide: 'faq.md#what-is-the-difference-between-a-credential-and-a-header',
  },
  'nothing-attached': {
    why: 'The credential was allowed to go, and gave nothing to send. Digest waits for the challenge of a 401; a token function may have returned nothing; an `attach` of your own returned no header.',
    fix: 'With digest the next hop of the trace has it, so this is right. Otherwise see what the token function or `attach` returns: `{ headers: { name: value } }` or `{ query: { name: value } }`.',
    example: `
      import { createClient, credential, traceOf } from 'hallpass/client';

      const url = 'https://api.example.com';
      const client = createClient({
        credentials: credential({ name: 'x-late', for: url, attach: () => ({}) }),
        transport: async () => new Response(),
      });
      const [hop] = traceOf(await client.fetch(url)).hops;
      const verdict = hop?.secrets[0]?.verdict;
      console.log(verdict?.reasons[0]?.code); // → nothing-attached
    `,
    guide: 'client.md#kinds-of-credentials',
  },
  'credentials-omitted': {
    why: "The call said `credentials: 'omit'`, as fetch takes it: no cookie and no credential of the client goes with it, and cookies of the answer are not kept. A generated SDK may say so by default.",
    fix: 'Leave the option out, or say `same-origin` or `include`. For a request that should be anonymous, this is right.',
    example: `
      import { bearer, createClient, traceOf } from 'hallpass/client';

      const client = createClient({
        baseUrl: 'https://api.example.com',
        credentials: bearer('a-token'),
        transport: async () => new Response(),
      });
      const [hop] = traceOf(
        await client.fetch('/', { credentials: 'omit' }),
      ).hops;
      const verdict = hop?.secrets[0]?.verdict;
      console.log(verdict?.reasons[0]?.code); // → credentials-omitted
    `,
  },
  'proxy-only': {
    why: 'Proxy-Authorization is the password for a proxy. An origin server would read it, log it and have no use for it.',
    fix: "Give it to the transport that speaks to the proxy: `undiciTransport({ proxy: 'http://user:password@proxy.example:3128' })`. If you meant the server itself, the header is Authorization: `basic(user, password)`.",
    example: `
      import { release } from 'hallpass';

      const url = 'https://api.example.com/';
      const secret = { name: 'proxy-authorization', for: url.slice(0, -1) };
      const hop = { url, method: 'GET', initiator: 'program', time: 0 } as const;
      console.log(release(secret, hop).reasons[0]?.code); // → proxy-only
    `,
    guide: 'client.md#through-a-proxy',
  },
  'header-not-listed': {
    why: 'The chain went to another origin, and a header that you wrote for the first one stayed behind. Nobody can tell from a name whether X-Tenant or X-Auth is a secret, so only headers go along that merely describe what is asked for: accept*, user-agent, range, if-*, traceparent.',
    fix: "If the header is harmless and needed there: `redirect: { crossOriginHeaders: ['x-tenant'] }`. If it is a key: `apiKey('x-api-key', key, { for: [...] })` with the origins that need it. Otherwise leave it.",
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const location = 'https://b.test/';
      const client = createClient({
        transport: async ({ url }) =>
          url === location ? new Response() : Response.redirect(location),
      });
      const headers = { 'x-tenant': 'acme' };
      const trace = traceOf(await client.fetch('https://a.test/', { headers }));
      const reasons = trace.hops[1]?.secrets[0]?.verdict.reasons ?? [];
      console.log(reasons[0]?.code); // → scope-other-host
      console.log(reasons[1]?.code); // → header-not-listed
    `,
    guide: 'faq.md#other-clients-send-my-x-api-key-to-the-other-host-why-does-this-one-not',
  },
  'body-crosses-origin': {
    why: 'A 307 or 308 asks for the same request again, body and all, at another origin. A body may hold a password or the data of a customer, so it was not sent, and the redirect itself is your answer.',
    fix: 'If that origin may have it: `redirect: { crossOriginBody: true }`, with `redirect.follow` to judge where each hop leads. Often the better cure is to call the other origin in the first place.',
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const client = createClient({
        transport: async () => Response.redirect('https://b.test/', 307),
      });
      const init = { method: 'POST', body: 'name=ada' };
      const response = await client.fetch('https://a.test/', init);
      const [hop] = traceOf(response).hops;
      console.log(response.status); // → 307
      console.log(hop?.stopped?.code); // → body-crosses-origin
    `,
    guide: 'faq.md#why-is-the-307-itself-my-answer',
  },
  'post-becomes-get': {
    why: 'All browsers and clients answer a 301 or 302 to a POST with a GET, so that a form is not sent twice. The server at the new address sees a GET without a body, and often says 404 or 405.',
    fix: 'Call the final URL: mostly a trailing slash, http for https or an old host name made the redirect. A server that wants the POST repeated says 307 or 308. After a form that was taken, this is right.',
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const client = createClient({
        transport: async ({ method }) =>
          method === 'GET'
            ? new Response()
            : Response.redirect('https://a.test/b/'),
      });
      const init = { method: 'POST', body: 'name=ada' };
      const trace = traceOf(await client.fetch('https://a.test/b', init));
      const [, hop] = trace.hops;
      console.log(hop?.method, hop?.rewrites[0]?.code); // → GET post-becomes-get
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'see-other-becomes-get': {
    why: 'A 303 says that the request was done and that its result is to be read elsewhere. Whatever the method was, the next one is a GET (a HEAD stays a HEAD), and body and Content-* headers stay behind.',
    fix: 'Mostly this is right: it is how a form or a job answers. If the server meant "do it there", it has to say 307 or 308.',
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const client = createClient({
        transport: async ({ method }) =>
          method === 'GET'
            ? new Response()
            : Response.redirect('https://a.test/7', 303),
      });
      const init = { method: 'PUT', body: '{}' };
      const trace = traceOf(await client.fetch('https://a.test/', init));
      console.log(trace.hops[1]?.rewrites[0]?.code); // → see-other-becomes-get
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'location-user-dropped': {
    why: 'The Location reads https://user:password@host/. Following it as written would have the client sign in as somebody whom the server chose; the URL was followed without the two.',
    fix: 'If the password is really yours: `basic(user, password, { for: "https://host" })`. If it is of the server, tell its operator that it hands out passwords in redirects.',
    example: `
      import { createClient, traceOf } from 'hallpass/client';

      const location = 'https://ada:pass@a.test/b';
      const client = createClient({
        transport: async ({ url }) =>
          url.endsWith('/b')
            ? new Response()
            : new Response(null, { status: 302, headers: { location } }),
      });
      const trace = traceOf(await client.fetch('https://a.test/'));
      console.log(trace.hops[1]?.rewrites[0]?.code); // → location-user-dropped
    `,
  },
};

/** What `client.audit()` finds. */
export const audit = {
  'credential-in-header': {
    why: 'A header of the client is sent with each of its calls, as long as the chain stays on the origin. It works; but it is not refreshed, the trace calls it a header, and it goes to every path there, also to the one that shows pictures of users.',
    fix: 'Make it a credential: `credentials: bearer(token)` for the origin of baseUrl, or `bearer(token, { for })`. A function in place of the token is asked when it is needed.',
    example: `
      import { bearer, createClient } from 'hallpass/client';

      const baseUrl = 'https://api.example.com';
      const headers = { authorization: 'Bearer a-token' };
      const [finding] = createClient({ baseUrl, headers }).audit();
      console.log(finding?.code); // → credential-in-header
      const credentials = bearer('a-token');
      console.log(createClient({ baseUrl, credentials }).audit().length); // → 0
    `,
  },
  'header-without-scope': {
    why: 'Without a baseUrl nobody knows whom the header is for, so it belongs to the first origin of each call. The first URL that comes from elsewhere, a webhook, a download, an avatar, gets the token.',
    fix: "Say whom it is for: `credentials: bearer(token, { for: 'https://api.example.com' })`. Or give the client a baseUrl.",
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        headers: { authorization: 'Bearer a-token' },
      });
      console.log(client.audit()[0]?.code); // → header-without-scope
    `,
  },
  'cookie-without-host': {
    why: 'A literal Cookie header has no host, path or Secure, which the cookies in it once had. It goes to the first host of every call, whichever that is.',
    fix: "Put each cookie into the jar with the URL that it is from: `client.jar.set('id=7; Secure; Path=/', 'https://api.example.com/')`. For one call, `headers: { cookie }` of that call belongs to its origin.",
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({ headers: { cookie: 'id=7' } });
      console.log(client.audit()[0]?.code); // → cookie-without-host
    `,
  },
  'scope-anywhere': {
    why: '`anywhere` is no scope at all: each host that a caller or a redirect names gets the secret. It is what other clients do by default, and here it can at least be seen.',
    fix: "List the origins, as `for: ['https://api.example.com', 'https://*.cdn.example.com']`. For a value that is no secret, such as a public client id, leave it.",
    example: `
      import { anywhere, bearer, createClient } from 'hallpass/client';

      const client = createClient({
        credentials: bearer('a-token', { for: anywhere }),
      });
      console.log(client.audit()[0]?.code); // → scope-anywhere
    `,
  },
  'scope-plain-http': {
    why: 'The scope says http, so the secret is sent readable for everybody on the way, and an answer can be replaced. Scopes of this machine are not reported.',
    fix: 'Write https. If the server has no TLS and the network is closed, leave it, and know who is in that network.',
    example: `
      import { apiKey, createClient } from 'hallpass/client';

      const key = apiKey('x-api-key', 'a-key', { for: 'http://api.example.com' });
      const [finding] = createClient({ credentials: key }).audit();
      console.log(finding?.code); // → scope-plain-http
    `,
  },
  'user-in-base-url': {
    why: 'https://user:password@host works: the two are lifted out and sent as Basic to that origin. But the URL stands in settings, error reports and process lists, where nobody expects a password.',
    fix: "`createClient({ baseUrl: 'https://api.example.com', credentials: basic(user, password) })`, with the password from the environment or a secret store.",
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        baseUrl: 'https://ada:pass@api.example.com',
      });
      console.log(client.audit()[0]?.code); // → user-in-base-url
    `,
  },
  'secret-listed': {
    why: '`redirect.crossOriginHeaders` is for headers that may go to every origin that a redirect names, and this one has the name of a key or a token.',
    fix: "Take it off the list. `apiKey('x-api-key', key, { for: [...] })` goes to the origins that you name, at every hop. If the name only sounds like a secret, leave it.",
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        redirect: { crossOriginHeaders: ['x-api-key'] },
      });
      console.log(client.audit()[0]?.code); // → secret-listed
    `,
  },
  'body-anywhere': {
    why: 'With `redirect.crossOriginBody` a server that is broken into, or merely wrong, can have your POSTs, passwords and all, sent on to a host of its choice by a 307.',
    fix: 'Leave it off and read the 307 where it happens. Where uploads are sent on to another host by design, keep it, and let `redirect.follow` name the hosts.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({ redirect: { crossOriginBody: true } });
      console.log(client.audit()[0]?.code); // → body-anywhere
    `,
  },
  'timeout-too-long': {
    why: 'A server that hangs keeps the call, its connection and whoever waits for it for as long as `timeout.total` says. With a few hundred such calls your own server answers nobody.',
    fix: "Say what a caller is ready to wait: `timeout: '30s'`. For long downloads leave `total` as it is by default, which does not count a stream that is read, and rely on `idle`.",
    example: `
      import { createClient } from 'hallpass/client';

      const [finding] = createClient({ timeout: '2h' }).audit();
      console.log(finding?.code); // → timeout-too-long
      console.log(createClient({ timeout: '30s' }).audit().length); // → 0
    `,
    guide: 'client.md#deadlines',
  },
  'retry-not-idempotent': {
    why: 'When an answer is lost, nobody knows whether the server has done what it was asked. Sent again, a POST makes a second order, a second mail, a second payment.',
    fix: 'Leave POST and PATCH out of `retry.methods`. If the server knows a repetition by an Idempotency-Key that you send, keep it.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({ retry: { methods: ['POST'] } });
      console.log(client.audit()[0]?.code); // → retry-not-idempotent
    `,
    guide: 'client.md#limits-retries-hooks',
  },
};

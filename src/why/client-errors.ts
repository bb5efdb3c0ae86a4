/** What a call of the client fails with. */
export const clientErrors = {
  'too-many-redirects': {
    sentence: 'The chain of redirects is longer than redirect.maxRedirects.',
    why: 'The server answered with one redirect more than are followed (20 by default), each to a URL that had not come before. A counter or a return address grows at every step, or somebody leads the client on on purpose.',
    fix: 'Read the hops: `console.log(String(error.trace))`. A sign-in page that redirects to itself waits for a cookie: see whether the jar kept it. If so long a chain is meant, raise `redirect: { maxRedirects: 40 }`.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        redirect: { maxRedirects: 3 },
        transport: async ({ url }) => Response.redirect(url + 'a'),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code, error.trace.hops.length); // → too-many-redirects 4
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'redirect-loop': {
    sentence: 'The limit of redirects is reached, and the end of the chain repeats.',
    why: 'The same URLs come round and round. Mostly a cookie is to blame: the server sets one, redirects to look whether it came back, and it did not. Another common pair is a proxy that speaks http to a server that redirects to https.',
    fix: 'Look in `error.trace` which cookies were set and refused, and why. Behind a proxy, tell the server of the scheme of the visitor (X-Forwarded-Proto). One repetition is no loop: servers answer 303 to the same URL until a job is done, and that is followed.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: async ({ url }) => Response.redirect(url),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → redirect-loop
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'redirect-wait': {
    sentence: 'The Retry-After of redirects asks for a longer wait than redirect.maxWait.',
    why: 'A redirect may say when the next request is welcome, and it is waited for, up to 30 seconds in one call. This server asks for more, so nothing was sent and the wait was not begun.',
    fix: "Come back later: `error.trace.hops.at(-1)?.location` is where to. If a call may take so long, raise `redirect: { maxWait: '10m' }`, and `timeout.total` with it.",
    example: `
      import { createClient } from 'hallpass/client';

      const headers = { location: '/job/7', 'retry-after': '3600' };
      const client = createClient({
        transport: async () => new Response(null, { status: 303, headers }),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → redirect-wait
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'bad-location': {
    sentence: 'The Location of a redirect is no URL that can be followed.',
    why: 'It cannot be read as a URL, it names a scheme such as javascript: or myapp:, it holds a control character, or several different Locations came. Browsers differ in what they make of these, and guessing would send secrets to a guess.',
    fix: "For a scheme of an app (a sign-in that ends in myapp://callback), call with `redirect: 'manual'` and read the header yourself. Otherwise the server is at fault: it has to encode what it puts into the URL.",
    example: `
      import { createClient } from 'hallpass/client';

      const headers = { location: 'myapp://callback?code=7' };
      const client = createClient({
        transport: async () => new Response(null, { status: 302, headers }),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → bad-location
      const answer = await client.fetch('https://a.test/', {
        redirect: 'manual',
      });
      console.log(answer.status); // → 302
    `,
  },
  'redirect-refused': {
    sentence: 'The caller does not want this redirect followed.',
    why: "`redirect.follow` returned false for the next hop, or the call says `redirect: 'error'`. Nothing was sent to the target.",
    fix: 'This is what you asked for. If the target is right, let `follow` return true for it, or call the final URL in the first place; the trace of the error has it.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        redirect: { follow: ({ url }) => url.startsWith('https://a.test/') },
        transport: async () => Response.redirect('https://b.test/'),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → redirect-refused
    `,
    guide: 'client.md#what-happens-at-a-redirect',
  },
  'redirect-reflects-secret': {
    sentence: 'A Location that leaves the scope of a secret has the secret in its URL.',
    why: 'The server took a token, a key or a cookie of this call and wrote it into the redirect to another host. Whoever gets that request, and each log on its way, would have it. Encodings are undone before the URL is compared.',
    fix: 'Take the server for broken or hostile, and change the secret. If that host is to get it, give the credential a scope that has both hosts in `for`.',
    example: `
      import { apiKey, createClient } from 'hallpass/client';

      const key = 'a-long-secret-key';
      const client = createClient({
        credentials: apiKey('x-api-key', key, { for: 'https://a.test' }),
        transport: async () => Response.redirect('https://b.test/?key=' + key),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → redirect-reflects-secret
    `,
  },
  'one-shot-body': {
    sentence: 'A redirect asks for the body again, and it was a stream that has been read.',
    why: 'A 307, a 308 or a redirect of a PUT repeats the request with its body. A stream gives its octets once, and nobody has kept them.',
    fix: 'Pass a string, bytes, a Blob, a File or a form, which can be sent twice. Or send the stream to the final URL: ask for it with a small request first. A `Request` is buffered up to a limit by itself.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: async () => Response.redirect('https://a.test/b', 307),
      });
      const body = new Blob(['text']).stream();
      const init = { method: 'POST', body, duplex: 'half' } as const;
      const call = client.fetch('https://a.test/', init);
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → one-shot-body
    `,
  },
  'opaque-redirect': {
    sentence: 'The runtime hides where a redirect leads.',
    why: "In a page, `fetch` with `redirect: 'manual'` answers with status 0 and without a Location, so no hop can be judged. The client wants to see each one.",
    fix: 'Give a `transport` that shows redirects: on Node, Bun, Deno and workerd the default does. In a page let the browser follow redirects, with plain `fetch`; it keeps cookies and credentials by its own rules.',
    example: `
      import { createClient } from 'hallpass/client';

      const opaque = Object.defineProperty(new Response(), 'type', {
        value: 'opaqueredirect',
      });
      const client = createClient({ transport: async () => opaque });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → opaque-redirect
    `,
    guide: 'faq.md#on-which-runtimes',
  },
  'transport-followed': {
    sentence: 'The transport followed a redirect by itself.',
    why: 'The answer says `redirected: true`: the transport sent the request on, with all headers, before anybody could ask whether they may go there. What has happened cannot be taken back, so it is told.',
    fix: "Have the transport leave redirects alone: `fetch(url, { redirect: 'manual', … })`, `maxRedirections: 0`, or the default transport.",
    example: `
      import { createClient } from 'hallpass/client';

      const followed = Object.defineProperty(new Response(), 'redirected', {
        value: true,
      });
      const client = createClient({ transport: async () => followed });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → transport-followed
    `,
  },
  timeout: {
    sentence: 'A deadline passed; phase says which.',
    why: '`connect`: no connection stood. `headers`: the request is out and no answer began. `idle`: a body stopped moving, or nobody read it. `total`: the call as a whole, redirects and waits included, took too long.',
    fix: "Raise the one that passed: `timeout: { headers: '2m' }`. `retry: { maxRetries: 2 }` helps with servers that fail now and then; a deadline that passed ends the call all the same. An answer that was never read times out by `idle`: read it, or cancel it.",
    example: `
      import { createClient } from 'hallpass/client';
      import { startLab } from 'hallpass/testing/lab';

      await using lab = await startLab();
      const client = createClient({ timeout: { headers: '50ms' } });
      const call = client.fetch(lab.origins.a + '/hang');
      const error = await call.catch((failure) => failure);
      console.log(error.code, error.phase); // → timeout headers
    `,
    guide: 'client.md#deadlines',
  },
  network: {
    sentence: 'No answer came, or it broke off; cause is what the runtime said.',
    why: 'The name was not found, the connection was refused or reset, TLS did not agree, or a body ended before its length. It is not known whether the server did what it was asked.',
    fix: 'Read `error.cause`, and the cause of that. ENOTFOUND is the name, ECONNREFUSED the port, a certificate says so itself. For what may be repeated, `retry: { maxRetries: 2 }`; for a POST first find out whether it was done.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: () => Promise.reject(new TypeError('connection refused')),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → network
      console.log(error.cause.message); // → connection refused
    `,
    guide: 'client.md#a-body-that-breaks-off',
  },
  'address-refused': {
    sentence: 'The guard of hallpass/client/undici does not connect to this address.',
    why: 'The name leads to an address of this machine or of a private network. A URL from a stranger, a webhook or an avatar, could make your server fetch its own secrets there (SSRF), so the address is looked at after the name was resolved, at every hop.',
    fix: 'If the URL came from a user, this is right: tell them that it is not public. For a service inside your own network use a client without `guard`, with a URL that you wrote.',
    example: `
      import { createClient } from 'hallpass/client';
      import { undiciTransport } from 'hallpass/client/undici';

      await using client = createClient({
        transport: undiciTransport({ guard: true }),
      });
      const call = client.fetch('http://127.0.0.1:9/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → address-refused
    `,
  },
  'body-too-large': {
    sentence: 'The body of an answer is larger than limits allows.',
    why: 'It has more octets than `limits.maxBody`, on the wire, or than `limits.maxDecoded`, unpacked; `error.limit` says which. Reading ended there, and the connection was let go.',
    fix: 'Raise the limit where so large an answer is meant, or read `response.body` as a stream without one. A small answer that unpacks to gigabytes is an attack, and `maxDecoded` is there for it.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        limits: { maxBody: 3 },
        transport: async () => new Response('text'),
      });
      const call = client.get('https://a.test/').text();
      const error = await call.catch((failure) => failure);
      console.log(error.code, error.limit); // → body-too-large maxBody
    `,
    guide: 'client.md#limits-retries-hooks',
  },
  'empty-body': {
    sentence: 'JSON was asked for, and the body is empty.',
    why: '`.json()` needs a value, and nothing came: a 204, an answer to HEAD, or a server that says 200 and sends nothing.',
    fix: 'Where no answer is normal, do not ask for JSON: `await client.post(url, { json })` gives the response. Where it may or may not come, read `.text()` and look.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: async () => new Response(null, { status: 204 }),
      });
      const json = client.get('https://a.test/').json();
      await json.catch(({ code }) => console.log(code)); // → empty-body
    `,
    guide: 'client.md#the-body-at-once',
  },
  'invalid-body': {
    sentence: 'The body is no JSON, or not what the schema describes.',
    why: 'A page of HTML came in place of data (a sign-in page, an error of a proxy), or the data has another shape than `.json(schema)` expects. The body is not repeated in the error, since it may hold secrets.',
    fix: 'Look at the status and the content type in the trace. HTML with status 200 mostly means that a redirect led to a sign-in page. If the API changed, change the schema.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: async () => new Response('<title>Sign in</title>'),
      });
      const json = client.get('https://a.test/').json();
      await json.catch(({ code }) => console.log(code)); // → invalid-body
    `,
    guide: 'client.md#the-body-at-once',
  },
  'http-status': {
    sentence: 'The body was asked for at once, and the status is not 2xx.',
    why: '`.json()` and its like take the answer for a success, and the server says otherwise. A plain `fetch` rejects for no status; these do, so that an error page is not taken for data.',
    fix: 'Look at `error.response`: its status, headers and body are there. To have the answer whatever its status, `await client.get(url)`, without a reader behind it. A 401 after a redirect: see in `error.trace` which credential stayed behind.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({
        transport: async () => new Response('{}', { status: 404 }),
      });
      const json = client.get('https://a.test/').json();
      await json.catch(({ code, response }) => {
        console.log(code, response.status); // → http-status 404
      });
    `,
    guide: 'client.md#the-body-at-once',
  },
  'integrity-mismatch': {
    sentence: 'The body is not the one that integrity names.',
    why: 'The call says which digest the body must have, and what came has another one, or there is no body. The file was changed: by a new release under the same URL, by a server on the way, or by somebody who wants you to run theirs.',
    fix: 'Do not use what came. If the file was meant to change, take the new digest from its author, not from the answer. A digest is of the whole decoded body, so an error page fails it too: look at the status in `error.trace`.',
    example: `
      import { createClient } from 'hallpass/client';

      const client = createClient({ transport: async () => new Response('new') });
      const integrity = 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
      const call = client.fetch('https://a.test/lib.js', { integrity });
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → integrity-mismatch
    `,
    guide: 'client.md#what-of-fetchs-options-counts',
  },
  'credential-failed': {
    sentence: 'A function that gives a credential failed; cause is what it threw.',
    why: 'The token function, `attach` or `refresh` of a credential threw or rejected, so the request could not be made as it should be, and was not sent without.',
    fix: 'Read `error.cause`: it is your own error, mostly of the server that issues tokens. If a request without the credential is of use, let the function catch its error and return undefined.',
    example: `
      import { bearer, createClient } from 'hallpass/client';

      const token = () => Promise.reject(new Error('the vault is closed'));
      const client = createClient({
        credentials: bearer(token, { for: 'https://a.test' }),
      });
      const call = client.fetch('https://a.test/');
      const error = await call.catch((failure) => failure);
      console.log(error.code); // → credential-failed
      console.log(error.cause.message); // → the vault is closed
    `,
    guide: 'client.md#kinds-of-credentials',
  },
};

import { createClient, netrc, traceOf } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { dangerousAuth, numbered, safeAuth } from './fix-3-credential-objects.ts';
import { fragileClient } from './fragile-pattern.ts';
import { anyName, redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();
const api = 'https://api.example.com';

describe.each(secrets)('S2 Fix 3 with $scheme', (secret) => {
  const { header } = secret;

  it('S24 S26 K1 dangerousAuth goes to every host, also across origins', async () => {
    const { a, b } = seen.lab.origins;
    await createClient({ credentials: dangerousAuth(secret) }).fetch(redirectTo(a, `${b}/headers`));
    expect(seen.arrivals()).toEqual([
      ['a', header],
      ['b', header],
    ]);
  });

  it('S26 a limit and redirect.follow bound even that one', async () => {
    const { a, b } = seen.lab.origins;
    const redirect = { maxRedirects: 2, follow: ({ url }: { url: string }) => url.startsWith(`${a}/`) };
    const client = createClient({ credentials: dangerousAuth(secret), redirect });
    await expect(client.fetch(redirectTo(a, `${b}/headers`))).rejects.toMatchObject({
      code: 'redirect-refused',
    });
    await expect(client.fetch(`${a}/chain?n=3`)).rejects.toMatchObject({ code: 'too-many-redirects' });
    expect(seen.arrivals().every(([origin]) => origin === 'a')).toBe(true);
  });

  it('S27 S33 S34 S47 safeAuth is attached again below its host, and nowhere else', async () => {
    const client = createClient({
      credentials: safeAuth(secret, 'example.com'),
      transport: anyName(seen.lab),
    });
    const strangers = ['https://evil-example.com', 'http://api.example.com', 'https://com'];
    await client.fetch(through([api, 'https://auth.example.com', ...strangers], `${api}/headers`));
    expect(seen.authorizations()).toEqual([header, header, undefined, undefined, undefined, header]);
  });

  it('S9 S21 S25 S47 F1 a credential of one’s own is asked at every hop in its scope, and for no other', async () => {
    const { a, b } = seen.lab.origins;
    const client = createClient({ credentials: numbered(header, a) });
    await client.fetch(through([a, b, a], `${a}/headers`));
    expect(seen.lab.log.map(({ headers }) => headers['x-attached'])).toEqual(['1', undefined, '2', '3']);
  });

  it('S10 S48 K2 a credential and a header differ: A to B to A ends with the one and without the other', async () => {
    const { a, b } = seen.lab.origins;
    const url = through([a, b], `${a}/headers`);
    await createClient({ credentials: secret.for(a) }).fetch(url);
    await fragileClient(header).fetch(url);
    expect(seen.authorizations()).toEqual([header, undefined, header, header, undefined, undefined]);
  });

  it('S25 an explicit credential beats the user in the URL', async () => {
    const { a } = seen.lab.origins;
    const withUser = `${a.replace('//', '//ada:hp-secret-in-url@')}/headers`;
    const response = await createClient({ credentials: secret.for(a) }).fetch(withUser);
    expect(seen.authorizations()).toEqual([header]);
    expect(traceOf(response).hops[0]?.secrets.at(-1)).toMatchObject({
      kind: 'userinfo',
      verdict: { reasons: [{ code: 'explicit-wins' }] },
    });
  });

  it('S25 F12 a .netrc for both hosts neither beats it nor takes its place at a redirect', async () => {
    const { a, b } = seen.lab.origins;
    const entries = [a, b].map(
      (origin) => `machine ${new URL(origin).hostname} login ada password hp-secret-netrc`,
    );
    const credentials = [secret.for([a, b]), ...netrc(entries.join('\n'))];
    await createClient({ credentials }).fetch(through([a, b], `${b}/headers`));
    expect(seen.authorizations()).toEqual([header, header, header]);
    const onlyThere = createClient({ credentials: [secret.for(a), ...netrc(entries.join('\n'))] });
    await onlyThere.fetch(redirectTo(a, `${b}/headers`));
    expect(seen.authorizations().slice(3)).toEqual([header, `Basic ${btoa('ada:hp-secret-netrc')}`]);
  });
});

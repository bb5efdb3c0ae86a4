import { createClient } from 'hallpass/client';
import { describe, expect, it } from 'vitest';
import { stickyClient, trusted } from './fix-2-trusted-domains.ts';
import { anyName, redirectTo, through } from './lab.ts';
import { secrets } from './secrets.ts';
import { useLab } from './test-lab.ts';

const seen = useLab();
const api = 'https://api.example.com';

describe.each(secrets)('S2 S21 Fix 2 with $scheme', (secret) => {
  const { header } = secret;
  const client = () => stickyClient(secret, ['example.com'], anyName(seen.lab));

  it.each(['https://auth.example.com', 'https://example.com', 'https://deep.auth.example.com'])(
    'S19 S20 S42 %s is trusted',
    async (target) => {
      await client().fetch(redirectTo(api, `${target}/headers`));
      expect(seen.authorizations()).toEqual([header, header]);
    },
  );

  it.each([
    'https://evil-example.com',
    'https://example.com.evil.io',
    'https://example.org',
    'https://127.0.0.1',
    'https://api.example.com:8443',
    'http://api.example.com',
    'http://api.example.com:443',
  ])('S20 S22 S23 S40 F8 %s is not', async (target) => {
    await client().fetch(redirectTo(api, `${target}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined]);
  });

  it('S23 S49 an untrusted first host gets nothing, and the trusted one behind it does', async () => {
    await client().fetch(redirectTo('https://evil.io', `${api}/headers`));
    expect(seen.authorizations()).toEqual([undefined, header]);
  });

  it('S22 trusted, untrusted, trusted: there again, and not in between', async () => {
    await client().fetch(through([api, 'https://evil.io'], `${api}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined, header]);
  });

  it('S19 the domains belong to one client and cannot be changed afterwards', async () => {
    const scope = trusted('example.com');
    const credentials = secret.for(scope);
    const one = createClient({ credentials, transport: anyName(seen.lab) });
    scope.push('https://evil.io');
    await one.fetch('https://evil.io/headers');
    expect(seen.authorizations()).toEqual([undefined]);
  });

  it.each(['com', 'co.uk', 'github.io'])(
    'S27 S42 S49 %s is too wide, and said so when the client is made',
    (domain) => {
      expect(() => stickyClient(secret, [domain])).toThrow(/public suffix/);
    },
  );

  it('S42 one host at one port is a scope too', async () => {
    const scope = 'https://api.example.com:8443';
    const exact = createClient({ credentials: secret.for(scope), transport: anyName(seen.lab) });
    await exact.fetch(redirectTo(scope, `${api}/headers`));
    expect(seen.authorizations()).toEqual([header, undefined]);
  });
});

import { type Client, createClient, type Transport } from 'hallpass/client';
import { type Demo, outcomeOf, type Step, showAlone } from './demo.ts';
import { anyName, through } from './lab.ts';
import type { Secret } from './secrets.ts';

/** The scopes of a domain that you own: its apex and everything below it, over https, on the usual port. */
export function trusted(...domains: string[]): string[] {
  return domains.flatMap((domain) => [`https://${domain}`, `https://*.${domain}`]);
}

/** The article's `StickyAuthSession`: the trusted domains are a property of the secret, not of the redirect. */
export function stickyClient(secret: Secret, domains: string[], transport?: Transport): Client {
  return createClient({
    credentials: secret.for(trusted(...domains)),
    redirect: { maxRedirects: 5 },
    transport,
  });
}

const api = 'https://api.example.com';

function chainStep(title: string, origins: readonly string[], last: string): Step {
  return {
    title,
    run: (lab, secret) =>
      outcomeOf(
        stickyClient(secret, ['example.com'], anyName(lab)).fetch(through(origins, `${last}/headers`)),
      ),
  };
}

export const fix2: Demo = {
  title: 'Fix 2: trusted domains',
  shows:
    'A secret for example.com and what lies below it reaches every such host over https, and nothing that only looks like one.',
  steps: [
    chainStep('To a subdomain: sent.', [api], 'https://auth.example.com'),
    chainStep('To the apex: sent.', [api], 'https://example.com'),
    chainStep('To a name that ends alike: withheld.', [api], 'https://evil-example.com'),
    chainStep('To a name that begins alike: withheld.', [api], 'https://example.com.evil.io'),
    chainStep('To plain http on a trusted host: withheld.', [api], 'http://api.example.com'),
    chainStep('To another port of a trusted host: withheld.', [api], 'https://api.example.com:8443'),
    chainStep('An untrusted host first: it gets nothing, the trusted one does.', ['https://evil.io'], api),
    chainStep('Trusted, untrusted, trusted: there again at the end.', [api, 'https://evil.io'], api),
  ],
};

if (import.meta.main) await showAlone(fix2);

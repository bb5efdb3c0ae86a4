import { anywhere, type Credential, createClient, credential } from 'hallpass/client';
import { type Demo, outcomeOf, showAlone } from './demo.ts';
import { anyName, redirectTo, through } from './lab.ts';
import type { Secret } from './secrets.ts';

/**
 * The article's `BearerTokenAuth`: `bearer(token, { for: anywhere })`.
 * **Dangerous:** it sends the secret to every host of every chain, also to one that a compromised server names.
 */
export function dangerousAuth(secret: Secret): Credential {
  return secret.for(anywhere);
}

/**
 * The article's `SafeBearerTokenAuth`, the right default: `bearer(token, { for: … })` with the origins that may have it.
 * A host stands for itself and for what lies below it, over https.
 */
export function safeAuth(secret: Secret, trustedHost: string): Credential {
  return secret.for([`https://${trustedHost}`, `https://*.${trustedHost}`]);
}

/** The article's `AuthBase.__call__`: a function that is asked at every hop in scope, here for a header that counts. */
export function numbered(authorization: string, scope: string | string[]): Credential {
  let number = 0;
  return credential({
    name: 'authorization',
    for: scope,
    attach() {
      number += 1;
      return { headers: { authorization, 'x-attached': String(number) } };
    },
  });
}

export const fix3: Demo = {
  title: 'Fix 3: credential objects',
  shows:
    'A credential is asked anew at every hop: with a scope it goes exactly there, with `anywhere` to everybody, which is dangerous.',
  steps: [
    {
      title: 'Safe, api.example.com to auth.example.com: sent to both, as both are below example.com.',
      run: (lab, secret) => {
        const credentials = safeAuth(secret, 'example.com');
        const client = createClient({ credentials, transport: anyName(lab) });
        return outcomeOf(
          client.fetch(redirectTo('https://api.example.com', 'https://auth.example.com/headers')),
        );
      },
    },
    {
      title:
        'Safe, to a stranger and back: withheld there, and there again at the end, as no hop copies from another.',
      run: (lab, secret) => {
        const credentials = safeAuth(secret, 'example.com');
        const client = createClient({ credentials, transport: anyName(lab) });
        const api = 'https://api.example.com';
        return outcomeOf(client.fetch(through([api, 'https://stranger.test'], `${api}/headers`)));
      },
    },
    {
      title: 'With a scope of two origins, A to B: sent to both.',
      run: ({ origins: { a, b } }, secret) =>
        outcomeOf(createClient({ credentials: secret.for([a, b]) }).fetch(redirectTo(a, `${b}/headers`))),
    },
    {
      title: 'Dangerous, A to B: B receives it.',
      run: ({ origins: { a, b } }, secret) =>
        outcomeOf(createClient({ credentials: dangerousAuth(secret) }).fetch(redirectTo(a, `${b}/headers`))),
    },
    {
      title: 'A function of your own, A to A to B: called twice, since B is out of its scope.',
      run: ({ origins: { a, b } }, { header }) =>
        outcomeOf(createClient({ credentials: numbered(header, a) }).fetch(through([a, a], `${b}/headers`))),
    },
  ],
};

if (import.meta.main) await showAlone(fix3);

/** Why an access token speaks for nobody, or a refresh token is not exchanged. */
export const tokens = {
  'token-missing': {
    why: 'The request brought no `Authorization: Bearer …` and no access cookie. A redirect to another host drops the header, a fetch without credentials leaves cookies at home, and some servers (Apache with CGI) do not pass Authorization on.',
    fix: 'Send the token, or sign in. Look at what was really sent with `hallpass trace URL --bearer-env TOKEN`. On a page that is open to everybody this is right.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const visitor = await tokens.authenticate(new Request(url));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-missing
      }
    `,
    guide: 'tokens.md#a-request-that-has-no-good-token',
  },
  'token-malformed': {
    why: 'What came is not three base64url parts of a JWT with a header and claims in JSON. It is an opaque token of another provider, an API key, a refresh token in the place of the access token, or a token with quotes around it.',
    fix: 'Look which variable was sent: the access token begins with eyJ. Do not paste it into a web page to read it; the middle part is JSON in base64url.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const headers = { authorization: 'Bearer an-api-key' };
      const visitor = await tokens.authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-malformed
      }
    `,
    guide: 'tokens.md#a-request-that-has-no-good-token',
  },
  'token-wrong-algorithm': {
    why: 'The key decides the algorithm, and the token claims another one: `none`, or HS256 with a public key as the secret. These are the two classic forgeries; a token that was honestly signed with another kind of key looks the same.',
    fix: 'If an issuer changed from, say, RS256 to ES256, add its new key to `keys` with its own `alg` and `kid`. If nobody changed anything, somebody tries; leave it.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const unsigned = btoa('{"alg":"none"}').replaceAll('=', '') + '.e30.';
      const headers = { authorization: 'Bearer ' + unsigned };
      const visitor = await tokens.authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-wrong-algorithm
      }
    `,
    guide: 'tokens.md#keys',
  },
  'token-unknown-key': {
    why: 'The kid in the head of the token names none of the keys of this server. The key was dropped from the ring, the process makes a new key at each start, the token is from another environment, or a process that is newer has signed it.',
    fix: 'Keep keys outside the program, in `HALLPASS_KEYS`. Rotate in steps: the new key last, then in front, and drop the old one only after `access` has passed. After a revocation this is right: clients refresh.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const url = 'https://api.example.com';
      const by = { store: memoryStore(), issuer: url, audience: url };
      const start = () => createTokens({ ...by, keys: keyRing(generateKey()) });
      const { access } = await start().issueBearer('ada');
      const headers = { authorization: 'Bearer ' + access };
      const visitor = await start().authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-unknown-key
      }
    `,
    guide: 'tokens.md#keys',
  },
  'token-broken-signature': {
    why: 'The key is known and did not sign this text. The token was cut off on the way (a column or header that is too short), changed by hand, or signed by another key that bears the same kid.',
    fix: 'Compare the length of what was issued with what arrives. Give each key a kid of its own in each environment. Otherwise somebody tries, and there is nothing to do.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const { access } = await tokens.issueBearer('ada');
      const headers = { authorization: 'Bearer ' + access.slice(0, -4) + 'AAAA' };
      const visitor = await tokens.authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-broken-signature
      }
    `,
    guide: 'tokens.md#a-request-that-has-no-good-token',
  },
  'token-wrong-claim': {
    why: 'The signature is good, but the token was made for somebody else: its issuer or audience is not the one of this server, its typ is not at+jwt (an ID token is none), or a claim that every access token must have is missing. The reason names the claim.',
    fix: 'For `aud`, ask the issuer for a token for this server, or correct `audience`; for `iss`, compare letter by letter, trailing slash and all. When you changed one of the two, access tokens of before are refused until their client refreshes. An ID token says who signed in and opens no API: send the access token.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const by = { keys, store, issuer: 'https://a.test' };
      const forShop = createTokens({ ...by, audience: 'https://shop.test' });
      const forMail = createTokens({ ...by, audience: 'https://mail.test' });
      const { access } = await forShop.issueBearer('ada');
      const headers = { authorization: 'Bearer ' + access };
      const request = new Request('https://mail.test/', { headers });
      const visitor = await forMail.authenticate(request);
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-wrong-claim
      }
    `,
    guide: 'tokens.md#a-request-that-has-no-good-token',
  },
  'token-not-yet-valid': {
    why: 'By the clock of this server the token begins later than now, and by more than the 60 seconds that two clocks may differ. One of the two clocks is wrong, or the issuer means it so (nbf).',
    fix: 'Set the clocks (NTP) of both servers. In a test, use the same clock for the one who issues and the one who checks.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const by = { keys, store, issuer: url, audience: url };
      const at = (now: number) => createTokens({ ...by, clock: testClock(now) });
      const { access } = await at(Date.now() + 120_000).issueBearer('ada');
      const headers = { authorization: 'Bearer ' + access };
      const request = new Request(url, { headers });
      const visitor = await at(Date.now()).authenticate(request);
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-not-yet-valid
      }
    `,
  },
  'token-expired': {
    why: 'Access tokens live for minutes (`access`, 15 by default), so that one that was copied is soon worth nothing. This one is past its exp.',
    fix: 'Refresh, and send the request again: a client does it by itself with `bearer(token, { refresh })`, a page with `tokens.refresh`. A client that sends an expired token for hours keeps it in a variable that nobody renews.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const [url, clock] = ['https://api.example.com', testClock()];
      const forApi = { issuer: url, audience: url };
      const tokens = createTokens({ keys, store, clock, ...forApi });
      const { access } = await tokens.issueBearer('ada');
      clock.advance('16m');
      const headers = { authorization: 'Bearer ' + access };
      const visitor = await tokens.authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-expired
      }
    `,
    guide: 'tokens.md#refresh',
  },
  'token-revoked': {
    why: 'The token is genuine and not expired, and its sign-in was ended: by a sign-out, a replayed refresh token, `revoke`, or "sign out all devices". Who still uses it has a copy from before.',
    fix: 'Sign in again. One such request after a sign-out is a tab that had not heard of it; many of them, or from other networks, are a stolen token: the event revoked-token tells of each.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const { access } = await tokens.issueBearer('ada');
      await tokens.revoke({ user: 'ada' });
      const headers = { authorization: 'Bearer ' + access };
      const visitor = await tokens.authenticate(new Request(url, { headers }));
      if (!visitor.allowed) {
        console.log(visitor.reasons[0].code); // → token-revoked
      }
    `,
    guide: 'tokens.md#ending-tokens',
  },
  'refresh-missing': {
    why: 'The refresh endpoint was called and the refresh cookie did not come. It is SameSite=Strict, so the first page after a link from another site comes without it; with a `path` of its own it travels to that path only.',
    fix: "Refresh by a POST from your own page, to a URL below the path of the cookie, with `credentials: 'include'` across origins of one site. Who refreshes while a page is served sets `cookie: { refresh: { sameSite: 'lax' } }`. For a visitor who never signed in this is right.",
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const outcome = await tokens.refresh(new Request(url), new Headers());
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-missing
      }
    `,
    guide: 'tokens.md#refresh',
  },
  'refresh-malformed': {
    why: 'What came as the refresh token is not of the three parts that this server gives out: the access token was sent in its place, it was cut off, or it is the token of another provider.',
    fix: 'Send what `issueBearer` called `refresh`. Where it is stored, make the column wide enough: it has about 90 characters.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const { access } = await tokens.issueBearer('ada');
      const outcome = await tokens.refreshBearer(access);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-malformed
      }
    `,
    guide: 'tokens.md#bearer-mode',
  },
  'refresh-unknown': {
    why: 'The token looks right, and the store has no such sign-in: its row was swept after its end, or the store was emptied, evicts rows, or is not the one that the token was issued with.',
    fix: 'Sign in again. If it happens after restarts, take a store that outlives them, one for all processes; with Redis, one that evicts nothing.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, url] = [keyRing(generateKey()), 'https://api.example.com'];
      const start = () =>
        createTokens({ keys, store: memoryStore(), issuer: url, audience: url });
      const { refresh } = await start().issueBearer('ada');
      const outcome = await start().refreshBearer(refresh);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-unknown
      }
    `,
    guide: 'sessions.md#which-store',
  },
  'refresh-expired': {
    why: 'A sign-in lasts as long as `refresh` says (30 days), counted from its beginning; refreshing does not prolong it. It is over.',
    fix: 'Sign in again. To keep users signed in for longer, set `refresh`; a stolen token is good for as long, though.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const [url, clock] = ['https://api.example.com', testClock()];
      const forApi = { issuer: url, audience: url };
      const tokens = createTokens({ keys, store, clock, ...forApi });
      const { refresh } = await tokens.issueBearer('ada');
      clock.advance('31d');
      const outcome = await tokens.refreshBearer(refresh);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-expired
      }
    `,
    guide: 'tokens.md#refresh',
  },
  'refresh-revoked': {
    why: 'Its sign-in has been ended: the user signed out, an administrator revoked it, or a token of the family came twice. No token of it is good any more.',
    fix: 'Sign in again. The events `revoked` and `refresh-replayed` say which of these it was.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const { refresh } = await tokens.issueBearer('ada');
      await tokens.revoke({ refresh });
      const outcome = await tokens.refreshBearer(refresh);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-revoked
      }
    `,
    guide: 'tokens.md#ending-tokens',
  },
  'refresh-wrong-family': {
    why: 'The first part names a sign-in, and the second does not prove that the token was ever issued for it. A genuine token never looks like this, also not an old one; it comes from another issuer over the same store, or was put together by hand. Nothing was ended by it.',
    fix: 'If the issuer was renamed, list its old name in `former: { issuers }`. Otherwise somebody knows the name of a sign-in and tries; leave it.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const url = 'https://api.example.com';
      const tokens = createTokens({ keys, store, issuer: url, audience: url });
      const { refresh } = await tokens.issueBearer('ada');
      const [family, , secret] = refresh.split('.');
      const forged = [family, 'A'.repeat(22), secret].join('.');
      const outcome = await tokens.refreshBearer(forged);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-wrong-family
      }
    `,
    guide: 'tokens.md#refresh',
  },
  'refresh-wrong-audience': {
    why: 'Two services share a store, and the token came to the one that it was not issued for. It is bound to the audience of its sign-in, so that a service that was broken into opens nothing of the other.',
    fix: 'Refresh where the sign-in was made. If you changed `audience`, list what it was in `former: { audiences }` until those sign-ins have ended.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const by = { keys, store, issuer: 'https://a.test' };
      const forShop = createTokens({ ...by, audience: 'https://shop.test' });
      const forMail = createTokens({ ...by, audience: 'https://mail.test' });
      const { refresh } = await forShop.issueBearer('ada');
      const outcome = await forMail.refreshBearer(refresh);
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-wrong-audience
      }
    `,
    guide: 'tokens.md#refresh',
  },
  'refresh-replayed': {
    why: 'A refresh token is good for one use, and this one had been exchanged long before. Two parties hold the same token, and the server cannot tell the thief from the client; so both are signed out, and the copy is worth nothing.',
    fix: 'Sign in again, and take the event `refresh-replayed` seriously. If your own client does it: it keeps the old token after a refresh, or two processes share one file without a lock. Two tabs at once, or an answer that got lost, are not it: those fall into `rotationGrace`.',
    example: `
      import { generateKey, keyRing } from 'hallpass/seal';
      import { memoryStore } from 'hallpass/stores/memory';
      import { testClock } from 'hallpass/testing';
      import { createTokens } from 'hallpass/tokens';

      const [keys, store] = [keyRing(generateKey()), memoryStore()];
      const [url, clock] = ['https://api.example.com', testClock()];
      const forApi = { issuer: url, audience: url };
      const tokens = createTokens({ keys, store, clock, ...forApi });
      const { refresh } = await tokens.issueBearer('ada');
      clock.advance('10m');
      await tokens.refreshBearer(refresh); // the client
      clock.advance('10m');
      const outcome = await tokens.refreshBearer(refresh); // the copy
      if (!outcome.allowed) {
        console.log(outcome.reasons[0].code); // → refresh-replayed
      }
    `,
    guide: 'tokens.md#refresh',
  },
};

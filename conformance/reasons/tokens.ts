import type { ReasonCode } from 'hallpass';
import { type JWTHeaderParameters, SignJWT } from 'jose';
import { audience, issuer, signedIn, tokenServer } from '../tokens/token-server.ts';
import type { Calls } from './calls.ts';

const key = { kty: 'oct', k: 'qL8o'.repeat(11).slice(0, 43), alg: 'HS256', kid: 'one' };
const now = 1_700_000_000;
const jti = `${'F'.repeat(22)}.${'J'.repeat(22)}`;
const good = { iss: issuer, aud: audience, sub: 'alice', iat: now, nbf: now, exp: now + 900, jti };
const head = { alg: 'HS256', kid: 'one', typ: 'at+jwt' };

/** What a server answers to this access token. */
const answer = (token: string) =>
  tokenServer({ keys: [key] }).tokens.authenticate(new Headers({ authorization: `Bearer ${token}` }));

const signed = (claims: object, header: JWTHeaderParameters = head, by: object = key) =>
  new SignJWT({ ...good, ...claims }).setProtectedHeader(header).sign(by);

const changed = (token: string) => token.replace(/.{4}$/, (end) => (end === 'AAAA' ? 'BBBB' : 'AAAA'));

/** Reasons why a token speaks for nobody. */
export const tokenCalls = {
  'token-missing': () => tokenServer().tokens.authenticate(new Headers()),
  'token-malformed': () => answer('junk'),
  'token-wrong-algorithm': async () => answer(`${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`),
  'token-unknown-key': async () => answer(await signed({}, { ...head, kid: 'two' })),
  'token-broken-signature': async () => answer(changed(await signed({}))),
  'token-wrong-claim': async () => answer(await signed({ aud: 'https://other.example' })),
  'token-not-yet-valid': async () => answer(await signed({ nbf: now + 120 })),
  'token-expired': async () => answer(await signed({ exp: now })),
  'token-revoked': async () => {
    const { tokens, browser } = await signedIn();
    const { request } = browser;
    await browser.signOut();
    return tokens.authenticate(request);
  },
  'refresh-missing': () => tokenServer().tokens.refresh(new Headers(), new Headers()),
  'refresh-malformed': () => tokenServer().tokens.refreshBearer('junk'),
  'refresh-unknown': () =>
    tokenServer().tokens.refreshBearer(`${'A'.repeat(22)}.${'A'.repeat(22)}.${'A'.repeat(43)}`),
  'refresh-expired': async () => {
    const { tokens, clock } = tokenServer();
    const { refresh } = await tokens.issueBearer('alice');
    clock.advance('31d');
    return tokens.refreshBearer(refresh);
  },
  'refresh-revoked': async () => {
    const { tokens } = tokenServer();
    const { refresh } = await tokens.issueBearer('alice');
    await tokens.revoke({ refresh });
    return tokens.refreshBearer(refresh);
  },
  'refresh-wrong-family': async () => {
    const { tokens, browser } = await signedIn();
    return tokens.refreshBearer(browser.refreshToken.replace(/\..*\./, `.${'A'.repeat(22)}.`));
  },
  'refresh-wrong-audience': async () => {
    const { tokens, store, options } = tokenServer();
    const { refresh } = await tokens.issueBearer('alice');
    return tokenServer({ ...options, store, audience: 'https://other.example' }).tokens.refreshBearer(
      refresh,
    );
  },
  'refresh-replayed': async () => {
    const { tokens, browser } = await signedIn();
    return tokens.refreshBearer(changed(browser.refreshToken));
  },
} satisfies Calls<ReasonCode>;

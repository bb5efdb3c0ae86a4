import { generateKey, keyRing } from 'hallpass/seal';
import { memoryRevocations, memoryStore } from 'hallpass/stores/memory';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Case, equal } from '../case.ts';
import { tokenRaces } from './races.ts';
import { audience, Browser, issuer, signedIn, tokenServer } from './token-server.ts';

const bearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });

/** Tokens by whatever cryptography the runtime has. */
export const tokenSuite: Case[] = [
  {
    name: 'a visitor signs in, is known, refreshes and signs out, by two HttpOnly cookies',
    async run() {
      const { tokens, clock } = tokenServer();
      const browser = new Browser(tokens);
      const lines = await browser.signIn();
      equal(
        lines.map((line) => line.includes('; HttpOnly')),
        [true, true],
        'HttpOnly',
      );
      equal(await browser.visit(), 'alice', 'the visitor');
      clock.advance('16m');
      equal(await browser.visit(), 'token-expired', 'after a quarter of an hour');
      equal([await browser.refresh(), await browser.visit()], ['ok', 'alice'], 'refreshed');
      const thief = browser.copy();
      equal(await browser.signOut(), 1, 'ended');
      equal([await thief.visit(), await thief.refresh()], ['token-revoked', 'refresh-revoked'], 'a copy');
    },
  },
  {
    name: 'S142: a request without a token is 401 with WWW-Authenticate: Bearer',
    async run() {
      const visitor = await tokenServer().tokens.authenticate(new Headers());
      const answer = visitor.allowed ? new Response() : visitor.error.getResponse();
      equal([answer.status, answer.headers.get('www-authenticate')], [401, 'Bearer'], 'the answer');
    },
  },
  {
    name: 'S144: a token that was changed anywhere, cut, or says alg none is refused',
    async run() {
      const { tokens } = tokenServer();
      const { access } = await tokens.issueBearer('alice');
      equal((await tokens.authenticate(bearer(access))).allowed, true, 'the token itself');
      const [, payload] = access.split('.');
      const none = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).replaceAll('=', '');
      const bad = [`${none}.${payload}.`, '', 'junk', 'a.b.c'];
      for (let at = 0; at < access.length; at += 5) {
        bad.push(access.slice(0, at) + (access[at] === 'A' ? 'B' : 'A') + access.slice(at + 1));
        bad.push(access.slice(0, at));
      }
      for (const token of bad) equal((await tokens.authenticate(bearer(token))).allowed, false, token);
    },
  },
  {
    name: 'S144: a token of another key, or without a claim that it must have, is refused',
    async run() {
      const keys = async () => {
        const { privateKey } = await generateKeyPair('ES256', { extractable: true });
        return { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'one' };
      };
      const ours = await keys();
      const { tokens, clock } = tokenServer({ keys: [ours], revocations: memoryRevocations() });
      const iat = clock.now() / 1_000;
      const jti = `${'F'.repeat(22)}.${'J'.repeat(22)}`;
      const whole = { iss: issuer, aud: audience, sub: 'alice', iat, nbf: iat, exp: iat + 900, jti };
      const sign = (claims: object, key: object = ours) =>
        new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' }).sign(key);
      const allowed = async (token: Promise<string>) =>
        (await tokens.authenticate(bearer(await token))).allowed;
      equal(await allowed(sign(whole)), true, 'the whole token');
      equal(await allowed(sign(whole, await keys())), false, 'another key');
      for (const claim of Object.keys(whole)) {
        equal(await allowed(sign({ ...whole, [claim]: undefined })), false, `without ${claim}`);
      }
    },
  },
  {
    name: 'every kind of key signs and verifies, and jwks() publishes public halves only',
    async run() {
      for (const alg of ['ES256', 'PS256', 'RS256']) {
        const { privateKey } = await generateKeyPair(alg, { extractable: true });
        const key = { ...(await exportJWK(privateKey)), alg };
        const { tokens } = tokenServer({ keys: [key] });
        const { access } = await tokens.issueBearer('alice');
        equal((await tokens.authenticate(bearer(access))).allowed, true, alg);
        const { keys } = await tokens.jwks();
        equal(
          keys.map((one) => 'd' in one),
          [false],
          'private halves',
        );
      }
      const one = generateKey();
      const store = memoryStore();
      const { access } = await tokenServer({ keys: keyRing(one), store }).tokens.issueBearer('alice');
      const rotated = tokenServer({ keys: keyRing([generateKey(), one]), store });
      equal((await rotated.tokens.authenticate(bearer(access))).allowed, true, 'an old key of a ring');
    },
  },
  {
    name: 'in one store with sessions, events name families by keyed hashes only',
    async run() {
      const { browser, events } = await signedIn();
      await browser.refresh();
      await browser.signOut();
      const names = new Set(events.map(({ family }) => family));
      equal([names.size, names.has(browser.refreshToken.split('.')[0])], [1, false], 'names');
    },
  },
  ...tokenRaces(async () => memoryStore()),
];

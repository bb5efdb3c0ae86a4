import { admit, parseSetCookie } from 'hallpass';
import { generateKey, keyRing } from 'hallpass/seal';
import type { CsrfPolicy } from 'hallpass/server';
import { type Case, equal } from '../case.ts';
import type { Host } from './app.ts';
import { type Visit, visiting } from './visitor.ts';

/** A sandboxed frame, or a page of a privacy mode: only a token tells whose it is. */
const opaque = { 'sec-fetch-site': '', origin: 'null' };
const form = { ...opaque, 'content-type': 'application/x-www-form-urlencoded' };

/** Tokens for requests of which no header says where they come from. */
export function csrfToken(host: Host): Case[] {
  const secret = generateKey();
  const keys = keyRing(secret);
  const check = (name: string, run: (visit: Visit) => Promise<void>, csrf: CsrfPolicy = {}): Case => ({
    name,
    run: () => visiting(host, run, { csrf: { keys, ...csrf } }),
  });

  return [
    check('S139: an anonymous visitor gets a token and a cookie that it is bound to', async (visit) => {
      const response = await visit.send('GET /csrf');
      const { token } = await response.json();
      const [line = ''] = response.headers.getSetCookie();
      equal(/^__Host-csrf=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/.test(line), true, line);
      equal(response.headers.get('cache-control'), 'private, no-store', 'Cache-Control');
      equal(visit.calls, [], 'store calls');
      equal(await isValid(visit, token), true, 'the token');
      equal(await isValid(visit, token, ''), false, 'the token without the cookie');
    }),
    check('S139: the token is another one every time, and all of them are good (BREACH)', async (visit) => {
      const [one, other] = [await tokenOf(visit), await tokenOf(visit)];
      equal(one === other, false, 'the same token twice');
      equal([await isValid(visit, one), await isValid(visit, other)], [true, true], 'both');
      equal((await visit.send('GET /csrf')).headers.getSetCookie(), [], 'a second cookie');
    }),
    check('S139: a token belongs to one session, and outlives its rotation', async (visit) => {
      await visit.send('POST /login');
      const token = await tokenOf(visit);
      equal(await isValid(visit, token), true, 'in the session');
      await visit.send('POST /rotate');
      equal(await isValid(visit, token), true, 'after a rotation');
      visit.cookies.clear();
      await visit.send('POST /login');
      equal(await isValid(visit, token), false, 'in another session of the same user');
    }),
    check('S139: a token ends with a login and with a logout', async (visit) => {
      const before = await tokenOf(visit);
      await visit.send('POST /login');
      equal(await isValid(visit, before), false, 'of before the login');
      const first = await tokenOf(visit);
      await visit.send('POST /login');
      equal(await isValid(visit, first), false, 'of before the second login');
      const second = await tokenOf(visit);
      await visit.send('POST /logout');
      equal(await isValid(visit, second), false, 'of before the logout');
      await tokenOf(visit);
      equal(await isValid(visit, before), false, 'of before the login, after the logout');
    }),
    check('S139: a changed, cut or foreign token is none', async (visit) => {
      await visit.send('POST /login');
      const token = await tokenOf(visit);
      const [salt = '', id = '', proof = ''] = token.split('.');
      const others = [
        ...['', '.', '..', 'x', `${salt}.${id}`, `${salt}.${id}.`, `${token}.`, ` ${token}`, `${token}=`],
        ...[`x${token}`, `${salt}.x.${proof}`, `${salt}.${id}.${changed(proof)}`, `.${id}.${proof}`],
        'x'.repeat(4_000),
      ];
      for (const other of others) equal(await isValid(visit, other), false, JSON.stringify(other));
    }),
    {
      name: 'S139: a token lives on while its key opens, and no longer',
      run: () =>
        visiting(
          host,
          async (visit) => {
            const token = await tokenOf(visit);
            const next = generateKey();
            const valid = async (csrfKeys: Parameters<typeof keyRing>[0]) => {
              let good: unknown;
              const csrf = { keys: keyRing(csrfKeys) };
              await visiting(
                host,
                async (later) => {
                  good = await isValid(later, token, visit.cookie());
                },
                { csrf },
              );
              return good;
            };
            equal(await valid([next, secret]), true, 'an old key');
            equal(await valid([{ secret: next }, { secret, state: 'revoked' }]), false, 'a revoked key');
            equal(await valid(next), false, 'another key');
          },
          { csrf: { keys } },
        ),
    },
    check('S139, ASVS 3.5.1: Origin: null passes with a good token in the header', async (visit) => {
      await visit.send('POST /login');
      const token = await tokenOf(visit);
      const statusWith = async (sent: string) =>
        (await visit.send('POST /act', { ...opaque, 'x-csrf-token': sent })).status;
      equal(
        [await statusWith(token), await statusWith('x'), await statusWith('')],
        [200, 403, 403],
        'statuses',
      );
      equal(visit.events.length, 2, 'events');
    }),
    check('S139: … or in a form field, and the handler reads the whole body all the same', async (visit) => {
      const body = `csrf_token=${await tokenOf(visit)}&text=a+b`;
      const response = await visit.send('POST /form', form, body);
      equal(response.status, 200, 'status');
      equal(await response.json(), { body }, 'the body that the handler read');
      equal((await visit.send('POST /form', form, 'csrf_token=x')).status, 403, 'a wrong token');
      equal((await visit.send('POST /form', form, 'text=a')).status, 403, 'no token');
    }),
    check('S139: a form is looked into when it is urlencoded, and up to 64 KB', async (visit) => {
      const field = `csrf_token=${await tokenOf(visit)}`;
      const padded = (size: number) => `${field}&x=`.padEnd(size, 'x');
      const statusOf = async (body: string, type?: string) =>
        (
          await visit.send(
            'POST /form',
            { ...form, ...(type !== undefined && { 'content-type': type }) },
            body,
          )
        ).status;
      equal(await statusOf(padded(65_536)), 200, '64 KB');
      equal(await statusOf(padded(65_537)), 403, 'a byte more');
      equal(await statusOf(field, 'Application/X-WWW-Form-Urlencoded; charset=utf-8'), 200, 'a parameter');
      equal(await statusOf(field, 'text/plain'), 403, 'another type');
      equal(await statusOf(field, ''), 403, 'Content-Type left to the client');
    }),
    check(
      'S139: header and field go by other names where the policy says so',
      async (visit) => {
        const token = await tokenOf(visit);
        equal((await visit.send('POST /act', { ...opaque, 'x-xsrf-token': token })).status, 200, 'header');
        equal(
          (await visit.send('POST /act', { ...opaque, 'x-csrf-token': token })).status,
          403,
          'the usual header',
        );
        equal((await visit.send('POST /form', form, `_csrf=${token}`)).status, 200, 'field');
      },
      { header: 'X-XSRF-Token', field: '_csrf' },
    ),
    check(
      "S139: bare: 'token' asks programs for a token too",
      async (visit) => {
        const bare = { 'sec-fetch-site': '' };
        const refused = await visit.send('POST /act', bare);
        equal([refused.status, (await refused.json()).error], [403, 'csrf-refused'], 'without');
        const token = await tokenOf(visit);
        equal((await visit.send('POST /act', { ...bare, 'x-csrf-token': token })).status, 200, 'with');
      },
      { bare: 'token' },
    ),
    check('a token opens no way for another site', async (visit) => {
      const token = await tokenOf(visit);
      const elsewhere = [
        { ...opaque, 'sec-fetch-site': 'cross-site' },
        { ...opaque, origin: 'https://evil.test' },
      ];
      for (const headers of elsewhere) {
        const { status } = await visit.send('POST /act', { ...headers, 'x-csrf-token': token });
        equal(status, 403, JSON.stringify(headers));
      }
    }),
    check(
      'the mode report tells of no request with a good token',
      async (visit) => {
        const token = await tokenOf(visit);
        await visit.send('POST /act', { ...opaque, 'x-csrf-token': token });
        equal(visit.events, [], 'events');
      },
      { mode: 'report' },
    ),
    check('X6: a tossed cookie and its own token beat nobody', async (visit) => {
      let [nonce, token] = ['', ''];
      await visiting(
        host,
        async (attacker) => {
          token = await tokenOf(attacker);
          nonce = attacker.cookie();
        },
        { csrf: { keys } },
      );

      const hop = {
        url: 'https://evil.example.test/',
        method: 'GET',
        initiator: 'program',
        time: 0,
      } as const;
      const tossed = parseSetCookie(`${nonce}; Secure; Path=/; Domain=example.test`);
      equal(
        tossed && admit(tossed, hop).reasons.map(({ code }) => code),
        ['prefix-host'],
        'what a browser says',
      );

      await tokenOf(visit);
      const forge = async (cookie: string) =>
        (await visit.sendWith(cookie, 'POST /act', { ...opaque, 'x-csrf-token': token })).status;
      equal(await forge(`${visit.cookie()}; ${nonce}`), 403, 'behind the visitor’s own');
      await visit.send('POST /login');
      equal(await forge(`${nonce}; ${visit.cookie()}`), 403, 'before the session of who is signed in');
    }),
  ];
}

async function tokenOf({ send }: Visit): Promise<string> {
  return (await (await send('GET /csrf')).json()).token;
}

async function isValid(
  { sendWith, cookie }: Visit,
  token: string,
  sent: string = cookie(),
): Promise<boolean> {
  return (await (await sendWith(sent, `POST /csrf?token=${encodeURIComponent(token)}`)).json()).valid;
}

const changed = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);

import { fromCookieSession, fromExpressSession, fromIronSession, fromNextAuth } from 'hallpass/adopt';
import { createSessions, type SessionOptions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { testClock } from 'hallpass/testing';
import { type Case, equal } from '../case.ts';
import { keys, old, oldId } from './keys.ts';

type Kept = { cart?: string[] };
type Adopt = NonNullable<SessionOptions<Kept>['adopt']>;

/** When make-values.ts wrote the cookies below; each is good for 60 days. */
const writtenAt = 1796026472709;

const takeOver = ({ sub, cart }: { sub?: string; cart?: string[] }) => ({ user: sub, data: { cart } });
const store = {
  get: (id: string, done: (error: unknown, session?: object) => void) =>
    done(null, id === oldId ? old : undefined),
  destroy: (_: string, done?: (error?: unknown) => void) => done?.(),
};
const nextAuth = () => fromNextAuth<Kept>({ secret: keys.nextAuth, takeOver });

/** Each library: how it is read, a cookie that it wrote, and whether that opens nothing once all of it is over. */
const libraries: readonly (readonly [name: string, adopt: () => Adopt, cookie: string, ends: boolean])[] = [
  [
    'cookie-session',
    () => fromCookieSession<Kept>({ keys: [keys.cookieSession], takeOver }),
    'session=eyJzdWIiOiJhZGEiLCJjYXJ0IjpbInRlYSIsImNyw6htZSJdfQ==; session.sig=YjNwzDhSnC53ukXtp9iqZbK6uC0',
    false,
  ],
  [
    'express-session',
    () => fromExpressSession<Kept>({ secret: keys.expressSession, store, takeOver }),
    'connect.sid=s%3Aan-id-of-express-session.M54st9Jykk4JnJbO2YWlb1F3%2FlYcsEwCL5rxbCKBCsw',
    true,
  ],
  [
    'iron-session',
    () => fromIronSession<Kept>({ password: keys.ironSession, name: 'sid', takeOver }),
    'sid=Fe26.2*1*3efa3d7503b0b02892165ce6ea2a9866cd93fd223290bf6c3e57a97eea1f9799*I0lTViFJZwn0Rt4Ir5VWfQ*ngLSo0tHmSWlgri0Ri4kZswODOvvc1_dUziHeDYDsErIX8JUeHDvO4iDiTWRYfDX*1801210473430*f96387a9cae2f978c07e014ede2cd91e8883fc588d3ef00cc0126696df5d0a09*O3RfGRsfsI_KRPgaPjPv4SuS4tb6O_jlHp5rh2bV8O8~2',
    true,
  ],
  [
    'next-auth 4',
    nextAuth,
    'next-auth.session-token=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..9Tsj1_LMBy6kLp8y.WWLKlxW2F2VnzEyPZCOjeDfQObLBB3rD02KN5e87Wr3ysTNa_WQEVuOs-E23isx41Hk_4y9GJL-p3fLNA5bPODbEC-yd4YFn1115BoLnR8dGydYQ_dq4RQ7zJHH9BO_EDSzxEniA7F4OaWh_OPh4_wUO7DQ.vhijYAv-uKhynbNkw08tIQ',
    true,
  ],
  [
    'Auth.js 5',
    nextAuth,
    '__Secure-authjs.session-token=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiNmNzSDM2dzd0eE9GZzNzVjZzRXQtZ1YzaHNXVzE2LWR4WTBscDFWdHNIVzg1U2dzS01uWndYOWtveHRXWjhRbHVpMVY1S2hOUFJjaEdhVDZJU2F4X3cifQ..WaZ_kN3Z5mW9GFW_JBAWDg.65lu9g-20Z2FxludKlW0-BwhcGeT_bhTYBA8H7VngaYGpt36Ij4DBhFYFtySJB1PuvB4ewNimljyGqd6Y7orGYBYa_NN8-dpYLTblORgvnBn0K6sIfSBv0P4YaGtEuN6_yaTv14RarbRuMEh_M9hXDv1Iz28qol4OuaVeFam7iM.SWPVNWl9nGJR3tZBADOt1mDk7cJw5G-2jzvyN74D1fM',
    true,
  ],
];

/** Sessions of other libraries, proved by whatever cryptography the runtime has. */
export const adoptSuite: Case[] = libraries.map(([name, adopt, cookie, ends]) => ({
  name: `a visitor of ${name} is taken over, by what the library itself wrote, and nobody is with any of it changed`,
  async run() {
    const clock = testClock(writtenAt + 60_000);
    const sessions = createSessions<Kept>({ store: memoryStore(), adopt: adopt(), clock });
    const found = await sessions.open(cookie);
    equal([found.user, found.get('cart')], ['ada', old.cart], 'who it is');
    const lines = await sessions.commit(found);
    const own = await sessions.open(lines.at(-1)?.split(';', 1)[0] ?? '');
    equal(own.user, 'ada', 'by the cookie of ours');
    for (const at of [cookie.indexOf('=') + 12, cookie.length - 4]) {
      const forged = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1);
      equal((await sessions.open(forged)).user, undefined, `changed at ${at}`);
    }
    clock.advance('61d');
    equal((await sessions.open(cookie)).user, ends ? undefined : 'ada', 'after 61 days');
  },
}));

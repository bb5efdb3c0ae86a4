import { HttpError } from 'hallpass';
import { Hono } from 'hono';
import type { Desk, DeskContext, Env } from '../env.ts';
import { readForm } from '../form.ts';
import {
  authenticationOptions,
  type RelyingParty,
  registrationOptions,
  userOf,
  verifyAuthentication,
  verifyRegistration,
} from '../passkeys.ts';
import { signedIn } from '../signed-in.ts';
import { isStale } from '../step-up.ts';

const mostPasskeys = 10;
const longestName = 40;

/**
 * Passkeys, made and used by public/passkeys.js. Each challenge is a flash of the visitor's own session: good for the next
 * request of this browser, and for no other.
 */
export function passkeyRoutes(desk: Desk): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/passkeys/options', async (c) => {
    const { user, session } = await freshVisitor(c, desk);
    const options = await registrationOptions(partyOf(c, desk), user, await desk.accounts.passkeys(user.id));
    session.flash('challenge', options.challenge);
    return c.json(options);
  });

  app.post('/passkeys', async (c) => {
    const { user, session } = await freshVisitor(c, desk);
    const challenge = session.flash('challenge');
    const { name, response } = await readAnswer(c);
    const passkey =
      typeof challenge === 'string' &&
      (await verifyRegistration(partyOf(c, desk), challenge, response).catch(() => undefined));
    const known = await desk.accounts.passkeys(user.id);
    if (!passkey || known.length >= mostPasskeys) throw notGood();
    await desk.accounts.addPasskey(user.id, {
      ...passkey,
      name: String(name || 'Passkey').slice(0, longestName),
      addedAt: desk.clock.now(),
    });
    session.flash('notice', 'The passkey is kept. Next time it signs you in.');
    return c.json({ to: '/security' });
  });

  app.post('/passkeys/remove', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return c.redirect('/sign-in', 303);
    if (isStale(visitor)) return c.redirect('/confirm?back=/security', 303);
    await desk.accounts.removePasskey(visitor.user.id, (await readForm(c)).get('id'));
    visitor.session.flash('notice', 'The passkey is removed. Remove it from your device too.');
    return c.redirect('/security', 303);
  });

  app.post('/sign-in/passkey/options', async (c) => {
    const options = await authenticationOptions(partyOf(c, desk));
    (await c.var.hallpass.session()).flash('challenge', options.challenge);
    return c.json(options);
  });

  app.post('/sign-in/passkey', async (c) => {
    const session = await c.var.hallpass.session();
    const challenge = session.flash('challenge');
    const { response } = await readAnswer(c);
    const user = userOf(response);
    const passkey = (await desk.accounts.passkeys(user)).find(({ id }) => id === response?.id);
    const counter =
      typeof challenge === 'string' &&
      passkey !== undefined &&
      (await verifyAuthentication(partyOf(c, desk), challenge, response, passkey).catch(() => undefined));
    if (typeof counter !== 'number' || passkey === undefined) throw notGood();
    await desk.accounts.usedPasskey(user, passkey.id, counter);
    session.login(user);
    return c.json({ to: '/profile' });
  });

  return app;
}

const notGood = () => new HttpError('unauthenticated', 401, 'That passkey is not good here.');

async function freshVisitor(c: DeskContext, desk: Desk) {
  const visitor = await signedIn(c, desk);
  if (visitor === undefined) throw new HttpError('unauthenticated', 401, 'Sign in first.');
  if (isStale(visitor)) throw new HttpError('stale-authentication', 403, 'Say first that it is you.');
  return visitor;
}

/** What the page sent; the library judges what is in it. */
async function readAnswer(c: DeskContext) {
  return Object(await c.req.json().catch(() => undefined));
}

/** Which of the desk's own addresses asks. Any other one is taken for the first, whose passkeys will not work there. */
function partyOf(c: DeskContext, { origins }: Desk): RelyingParty {
  const asking = origins.find((origin) => origin === c.req.header('origin')) ?? origins[0];
  return { origins, host: new URL(asking ?? 'http://localhost').hostname };
}

import { HttpError } from 'hallpass';
import { Hono } from 'hono';
import type { Desk, DeskContext, Env } from '../env.ts';
import {
  authenticationOptions,
  credentialOf,
  type RelyingParty,
  registrationOptions,
  userOf,
  verifyAuthentication,
  verifyRegistration,
} from '../passkeys.ts';
import { readForm } from '../read-form.ts';
import { shownName } from '../shown-name.ts';
import { signedIn, toSignIn } from '../signed-in.ts';
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
    const { name, credential } = await readAnswer(c);
    const passkey =
      typeof challenge === 'string' &&
      credential !== undefined &&
      (await verifyRegistration(partyOf(c, desk), challenge, credential).catch(() => undefined));
    const known = await desk.accounts.passkeys(user.id);
    if (!passkey || known.length >= mostPasskeys) throw notGood();
    await desk.accounts.addPasskey(user.id, {
      ...passkey,
      name: shownName(name, longestName) || 'Passkey',
      addedAt: desk.clock.now(),
    });
    session.flash('notice', 'The passkey is kept. Next time it signs you in.');
    return c.json({ to: '/security' });
  });

  app.post('/passkeys/remove', async (c) => {
    const visitor = await signedIn(c, desk);
    if (visitor === undefined) return toSignIn(c);
    if (isStale(visitor)) return c.redirect('/confirm?back=/security', 303);
    await desk.accounts.removePasskey(visitor.user.id, (await readForm(c)).get('id'));
    visitor.session.flash('notice', 'The passkey is removed. Remove it from your device too.');
    return c.redirect('/security', 303);
  });

  app.post('/sign-in/passkey/options', async (c) => {
    // The challenge makes a row for whoever asks, so it is here that an address is slowed down.
    await attempt(c, desk);
    const options = await authenticationOptions(partyOf(c, desk));
    (await c.var.hallpass.session()).flash('challenge', options.challenge);
    return c.json(options);
  });

  app.post('/sign-in/passkey', async (c) => {
    const session = await c.var.hallpass.session();
    const challenge = session.flash('challenge');
    const { credential } = await readAnswer(c);
    if (typeof challenge !== 'string' || credential === undefined) throw notGood();
    const { succeeded } = await attempt(c, desk);
    const user = userOf(credential);
    const passkey = (await desk.accounts.passkeys(user)).find(({ id }) => id === credential.id);
    const counter =
      passkey &&
      (await verifyAuthentication(partyOf(c, desk), challenge, credential, passkey).catch(() => undefined));
    if (counter === undefined || passkey === undefined) throw notGood();
    await succeeded();
    await desk.accounts.usedPasskey(user, passkey.id, counter);
    session.login(user);
    await desk.browsers.remember(c, user);
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

/** What the page sent: the name that a passkey is given, and what the browser answered. */
async function readAnswer(c: DeskContext) {
  const { name, response } = Object(await c.req.json().catch(() => undefined));
  return { name: typeof name === 'string' ? name : '', credential: credentialOf(response) };
}

/** Counts a sign-in at the address it comes from: whose passkey it is, is only known once it is proved. */
function attempt(c: DeskContext, desk: Desk) {
  const { address } = c.var.hallpass;
  return desk.throttle.attempt('passkey', { user: String(address), address });
}

/** Which of the desk's own addresses asks. Any other one is taken for the first, whose passkeys will not work there. */
function partyOf(c: DeskContext, { origins }: Desk): RelyingParty {
  const asking = origins.find((origin) => origin === c.req.header('origin')) ?? origins[0];
  return { origins, host: new URL(asking ?? 'http://localhost').hostname };
}

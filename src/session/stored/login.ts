import { HttpError } from '../../errors.ts';
import type { LoginSwap, SessionRecord } from '../../store/contract.ts';
import type { Everything } from '../../store/everything.ts';
import { externalIndex } from '../../store/index-names.ts';
import { changed } from '../../store/record.ts';
import type { TimedStore } from '../../store/time-limit.ts';
import type { CommitOutcome } from '../backend.ts';
import { deadlines } from '../lifetime.ts';
import type { Login, RequestSession } from '../request-session.ts';
import { newSelector } from '../selector.ts';
import { type CookieChange, cookieChange } from '../session-cookie.ts';
import type { StoredSession } from './find.ts';
import { firstVerifier } from './first-verifier.ts';
import { patch, type StoredContext } from './patch.ts';
import { formatSessionToken } from './session-token.ts';

/** The epochs of the indexes that a login stands on. A revocation raises them. */
interface Epochs {
  readonly user: number;
  /** Of every session of everybody. */
  readonly everything: number;
  /** Of all indexes, as one text. */
  readonly all: string;
  /** The sessions of the user that stood already, where there is a limit of them. */
  readonly standing: readonly SessionRecord[];
}

/**
 * Makes the visitor a user under a fresh verifier: in the visitor's own row, or in a fresh one where there is none or it has
 * ended meanwhile. The selector is on the user's index before the row knows the user, so no revocation can miss it.
 * @throws HttpError 409 `session-gone` when the user's sessions were ended meanwhile.
 */
export async function logIn(
  context: StoredContext,
  session: RequestSession<StoredSession>,
  login: Login,
  now: number,
): Promise<CommitOutcome> {
  const { lifetimes, maxPerUser, report } = context;
  const { userId, externalIds, remember = false } = login;
  const { adopting } = session;
  const lifetime = deadlines(remember ? lifetimes.remembered : lifetimes.ordinary, now);
  // A sign-in of now has no predecessor: who holds the old id is out.
  const { verifier, ...proof } = await firstVerifier(context, login.adopted ? adopting : undefined, now);
  const { device } = session.opened;
  const factsBehind = ({ standing }: Epochs) => ({
    userId,
    externalIds,
    authenticatedAt: login.authenticatedAt ?? maxPerUser?.signInAt(now, standing) ?? now,
    ...lifetime,
    remember,
    device,
  });
  const done = async (
    { selector, gen, createdAt }: Pick<SessionRecord, 'selector' | 'gen' | 'createdAt'>,
    facts: ReturnType<typeof factsBehind>,
  ): Promise<CookieChange> => {
    session.committed = { ...lifetime, selector, gen };
    report({ type: 'login', user: userId, remember }, selector);
    // The login stands, so what fails here, an event already, must not keep its cookie back; the next login makes room.
    await makeRoom(context, { ...facts, selector, createdAt }, now).catch(() => {});
    return cookieChange(formatSessionToken({ selector, verifier }), facts);
  };

  let epochs: Epochs | undefined;
  if (session.loaded !== undefined) {
    const { row } = session.loaded;
    const { selector } = row;
    epochs = await enlist(context, login, selector, now, lifetime.absoluteAt);
    const facts = factsBehind(epochs);
    const swap: LoginSwap = { ...facts, to: proof.hash, epoch: epochs.user };
    const result = await patch(context, session, row, now, { login: swap }, session.values.changes());
    if ('ok' in result) {
      // Until now the row did not say that it has these names, so who ended them meanwhile may have spared it.
      if (row.userId !== null && externalIds?.some((id) => !row.externalIds?.includes(id))) {
        const present = await enlist(context, login, selector, now, lifetime.absoluteAt);
        if (present.all !== epochs.all) {
          await context.store.revoke(selector, { now });
          throw endedMeanwhile();
        }
      }
      return done({ ...row, gen: row.gen + 1 }, facts);
    }
    report({ type: 'gone', cause: result.gone }, selector);
    session.values = await session.values.detached();
  }

  const selector = adopting?.selector ?? newSelector();
  const present = await enlist(context, login, selector, now, lifetime.absoluteAt);
  if (epochs !== undefined && epochs.all !== present.all) throw endedMeanwhile();
  const facts = factsBehind(present);
  const record: SessionRecord = {
    ...facts,
    ...proof,
    selector,
    gen: 0,
    data: await context.everything.marked(
      changed(adopting?.data ?? {}, session.values.changes()),
      present.everything,
    ),
    createdAt: now,
    seenAt: now,
  };
  const created = await context.store.create(record, { now, epoch: present.user });
  if (adopting?.verifier !== undefined && (created === 'exists' || (created === 'gone' && login.adopted))) {
    return 'adopted-already';
  }
  if (created !== 'created') throw endedMeanwhile();
  return done(record, facts);
}

async function enlist(
  { store, everything: epochs, maxPerUser }: StoredContext,
  { userId, externalIds = [] }: Login,
  selector: string,
  now: number,
  until: number,
): Promise<Epochs> {
  const enlisting = store.enlist(userId, selector, { now, until });
  // Who they are decides which goes, not whether this one may come: where they cannot be told, an event already, clocks decide.
  const standing = maxPerUser === undefined ? [] : listed(store, userId, now);
  const [{ epoch: user }, everything] = await Promise.all([enlisting, epochs.latest(now)]);
  const indexes = externalIds.map(externalIndex);
  const external = await Promise.all(indexes.map((index) => store.enlist(index, selector, { now, until })));
  const all = [user, ...external.map(({ epoch }) => epoch)].join();
  return { user, everything, all, standing: await standing };
}

async function listed(store: TimedStore, userId: string, now: number): Promise<readonly SessionRecord[]> {
  try {
    return (await store.listByUser(userId, { now })).filter((row) => row.userId === userId);
  } catch {
    return [];
  }
}

/** Ends what is beyond the limit of sessions of the user. */
async function makeRoom(
  { store, everything, maxPerUser, report }: StoredContext,
  present: { userId: string; selector: string; createdAt: number; authenticatedAt: number },
  now: number,
): Promise<void> {
  if (maxPerUser === undefined) return;
  const { userId } = present;
  for (const row of maxPerUser.beyond(await listOf(store, everything, userId, now), present)) {
    // Of several sign-ins at once one ends it.
    if (await store.revoke(row.selector, { now })) report({ type: 'evicted', user: userId }, row.selector);
  }
}

/**
 * The living sessions of a user, without those that ended with everything. The index is a hint: where another user signed in to a session first, it stands on the
 * index of both, and the row says whose it is.
 */
export async function listOf(
  store: TimedStore,
  everything: Everything,
  userId: string,
  now: number,
): Promise<SessionRecord[]> {
  const rows = await store.listByUser(userId, { now });
  return everything.living(
    rows.filter((row) => row.userId === userId),
    now,
  );
}

function endedMeanwhile(): HttpError {
  return new HttpError(
    'session-gone',
    409,
    'The sessions of this user were ended while this login was under way: sign in again.',
  );
}

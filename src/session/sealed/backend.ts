import { type Awaitable, after } from '../../crypto/index.ts';
import { maxCookieOctets } from '../../scope/admit.ts';
import { changed, touched } from '../../store/record.ts';
import type { Backend, CommitOutcome, Refusal } from '../backend.ts';
import { gone } from '../failures.ts';
import { type Foreign, spentUntil } from '../foreign.ts';
import { deadlines } from '../lifetime.ts';
import type { Login, RequestSession, SessionFacts } from '../request-session.ts';
import { newSelector } from '../selector.ts';
import { type CookieChange, cookieChange } from '../session-cookie.ts';
import type { Settings } from '../settings.ts';
import { type Changes, hasChanges } from '../values.ts';
import type { Revoked } from './revoked.ts';
import { isSealed, type SealedSession, type Sealer } from './sealer.ts';

/** What sealed sessions work with. */
interface SealedContext extends Pick<Settings, 'cookie' | 'lifetimes' | 'report'> {
  readonly sealer: Sealer;
  /** By the names that the cookie had before. */
  readonly formerSealers: ReadonlyMap<string, Sealer>;
  readonly revoked: Revoked;
}

/** How far the clock of another server may be ahead of ours, in ms. */
const skew = 60_000;

/** Sessions sealed in their cookies: a write seals anew, and an id that ended goes on the list. */
export function sealedBackend(context: SealedContext): Backend<SealedSession> {
  const { sealer, formerSealers, revoked } = context;
  const refusal = (selector: string, now: number): Awaitable<Refusal | undefined> =>
    after(revoked.lately(selector, now), (over): Awaitable<Refusal | undefined> => {
      if (!over) return undefined;
      return after(revoked.isLate(selector, now), (late) => ({ refused: 'session-revoked', selector, late }));
    });
  return {
    mayOpen: isSealed,
    find({ name, value }, now) {
      const former = formerSealers.get(name);
      return after((former ?? sealer).open(value, now), (opened): Awaitable<SealedSession | Refusal> => {
        if ('refused' in opened) return opened;
        const { selector, seenAt, idleAt } = opened.row;
        if (seenAt > now + skew) return { refused: 'session-from-future', selector };
        if (idleAt <= now) return { refused: 'session-expired', selector };
        const found = former === undefined ? opened : { ...opened, isFormer: true };
        return after(refusal(selector, now), (refused) => refused ?? found);
      });
    },
    check: async (row, now) => (await revoked.endCause(row, now)) ?? (row as SessionFacts),
    end: ({ selector, absoluteAt }) => revoked.add(selector, absoluteAt),
    // Nothing keeps a session for those that come later: each takes the old one over, under one id, which a logout ends.
    async findAdopted({ ids }, now) {
      for (const id of ids) {
        const refused = (await refusal(id.selector, now)) ?? (await refusal(id.spent, now));
        if (refused !== undefined) return refused;
      }
      return undefined;
    },
    spend(foreign, isOver, now) {
      if (!isOver) return undefined;
      const until = spentUntil(foreign, now);
      return Promise.all(foreign.ids.map(({ spent }) => revoked.add(spent, until)));
    },
    forestall: ({ selector, absoluteAt }) => revoked.add(selector, absoluteAt),
    create: (row, adopting, now) =>
      after(
        isTaken(context, adopting, now),
        (taken): Awaitable<CommitOutcome> => (taken ? 'adopted-already' : seal(context, row)),
      ),
    logIn: (session, login, now) => logIn(context, session, login, now),
    continue(session, { row, isFormer }, changes, now) {
      const sealAgain = () => renew(context, session, row, changes, now);
      if (hasChanges(changes) || session.rotating) return sealAgain();
      const isDue = !session.quiet && context.lifetimes.renewalDue(row, now);
      return isFormer || isDue ? unasked(sealAgain) : undefined;
    },
  };
}

/** A login has an id of its own. The one before it ends, and with it every copy of its cookie. */
async function logIn(
  context: SealedContext,
  session: RequestSession<SealedSession>,
  login: Login,
  now: number,
): Promise<CommitOutcome> {
  const { revoked, lifetimes, report } = context;
  const { userId, externalIds, remember = false, authenticatedAt } = login;
  if (externalIds !== undefined) {
    throw new TypeError(
      'Nobody can end a sealed session by its externalId: leave it out, or keep sessions in a store.',
    );
  }
  const loaded = session.loaded?.row;
  const { adopting } = session;
  if (login.adopted && (await isTaken(context, adopting, now))) return 'adopted-already';
  const cause = loaded && (await revoked.endCause(loaded, now));
  if (loaded !== undefined && cause !== undefined) {
    report({ type: 'gone', cause }, loaded.selector);
    session.values = await session.values.detached();
  }
  const before = cause === undefined ? loaded : undefined;
  const row: SessionFacts = {
    selector: login.adopted && adopting !== undefined ? adopting.selector : newSelector(),
    gen: 0,
    userId,
    data: changed(before?.data ?? adopting?.data ?? {}, session.values.changes()),
    createdAt: before?.createdAt ?? now,
    authenticatedAt: authenticatedAt ?? now,
    seenAt: now,
    ...deadlines(remember ? lifetimes.remembered : lifetimes.ordinary, now),
    remember,
  };
  const change = await seal(context, row);
  if (loaded !== undefined) {
    await revoked.supersede(loaded.selector, loaded.absoluteAt, now + lifetimes.rotationGrace);
  } else if (adopting?.verifier !== undefined && !login.adopted) {
    await revoked.supersede(adopting.selector, row.absoluteAt, now + lifetimes.rotationGrace);
  }
  session.committed = row;
  report({ type: 'login', user: userId, remember }, row.selector);
  return change;
}

/** True where the session that would take over one of another library ended while this request was under way. */
function isTaken({ revoked }: SealedContext, adopting: Foreign | undefined, now: number): Awaitable<boolean> {
  if (adopting?.verifier === undefined) return false;
  const ours = { selector: adopting.selector, idleAt: Number.POSITIVE_INFINITY };
  return after(revoked.endCause(ours, now), (cause) => cause !== undefined);
}

/** The same session under the same id: a logout ends its older copies too. */
function renew(
  context: SealedContext,
  { rotating, quiet }: RequestSession<SealedSession>,
  row: SessionFacts,
  changes: Changes,
  now: number,
): Awaitable<CookieChange> {
  const { revoked, report } = context;
  return after(revoked.endCause(row, now), (cause): Awaitable<CookieChange> => {
    if (cause !== undefined) {
      report({ type: 'gone', cause }, row.selector);
      if (hasChanges(changes)) throw gone();
      return undefined;
    }
    const next = { ...(quiet ? row : touched(row, now)), data: changed(row.data, changes) };
    return after(seal(context, next), (change) => {
      if (rotating) report({ type: 'rotated' }, row.selector);
      return change;
    });
  });
}

/** Nobody asked for this renewal, so its failure is no reason to refuse the response. */
async function unasked(renewal: () => Awaitable<CookieChange>): Promise<CookieChange> {
  try {
    return await renewal();
  } catch {
    return undefined;
  }
}

/** @throws TypeError for a session that is larger than a cookie can be */
function seal({ sealer, cookie }: SealedContext, row: SessionFacts): Awaitable<CookieChange> {
  return after(sealer.seal(row), (value) => {
    const octets = cookie.name.length + value.length;
    if (octets <= maxCookieOctets) return cookieChange(value, row);
    throw new TypeError(
      `This session is sealed into ${octets} bytes, and browsers keep ${maxCookieOctets} of a cookie: put less in it, or keep sessions in a store, createSessions({ store: sqliteStore(path) }).`,
    );
  });
}

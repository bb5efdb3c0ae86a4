import { type Awaitable, after } from '../../crypto/index.ts';
import type { HttpError } from '../../errors.ts';
import type { SessionRecord } from '../../store/contract.ts';
import { endsAt, isLive, markRow } from '../../store/record.ts';
import type { Backend, Refusal } from '../backend.ts';
import { gone } from '../failures.ts';
import { type ForeignId, spentUntil } from '../foreign.ts';
import type { RequestSession } from '../request-session.ts';
import { type CookieChange, cookieChange } from '../session-cookie.ts';
import { type Changes, hasChanges } from '../values.ts';
import { findRow, type StoredSession } from './find.ts';
import { firstVerifier } from './first-verifier.ts';
import { logIn } from './login.ts';
import { type Gone, patch, type StoredContext } from './patch.ts';
import { formatSessionToken, parseSessionToken } from './session-token.ts';

/** Sessions as rows of a store: one call a commit. */
export function storedBackend(context: StoredContext): Backend<StoredSession> {
  const { store, report, everything, lifetimes } = context;
  const reported = (found: StoredSession | Refusal) => {
    if ('row' in found && found.successor !== undefined) report({ type: 'replayed' }, found.row.selector);
    return found;
  };
  return {
    together: () => storedBackend({ ...context, store: store.together() }),

    mayOpen: (value) => parseSessionToken(value) !== undefined,

    find: (cookie, now) => after(findRow(context, cookie, now), reported),

    findAll(cookies, now) {
      const selectors = cookies.map(({ value }) => parseSessionToken(value)?.selector ?? '');
      const reading = store.readMany(selectors, { now });
      return cookies.map((cookie, at) =>
        after(
          findRow(context, cookie, now, () => after(reading, (rows) => rows[at])),
          reported,
        ),
      );
    },

    async check(row, now) {
      const present = await store.read(row.selector, { now });
      if (present === undefined) return endsAt(row) <= now ? 'expired' : 'revoked';
      if (!isLive(present)) return present;
      if (present.gen !== row.gen) return 'superseded';
      return (await everything.hasEnded(present, now)) ? 'revoked' : present;
    },

    end: ({ selector }, now) => store.revoke(selector, { now }),

    findAdopted({ ids }, now) {
      const lookUp = ({ cookieName, selector, verifier, spent }: ForeignId) => {
        const cookie = { name: cookieName, value: formatSessionToken({ selector, verifier }) };
        return after(this.find(cookie, now), (found): Awaitable<StoredSession | Refusal | undefined> => {
          if (!('refused' in found) || found.refused !== 'session-unknown') return found;
          return after(store.read(spent, { now }), (row) =>
            row === undefined ? undefined : { refused: 'session-revoked', selector },
          );
        });
      };
      const [present, ...former] = ids.map(lookUp);
      if (former.length === 0) return present;
      return Promise.all([present, ...former]).then((all) => all.find((found) => found !== undefined));
    },

    // At once: those that come with the old cookie find the session that it began before they ask for this.
    spend(foreign, isOver, now) {
      const until = spentUntil(foreign, now);
      const ids = isOver ? foreign.ids : foreign.ids.slice(0, 1);
      // Says that a session of another library began one of ours, and stands for nobody.
      return Promise.all(ids.map(({ spent }) => store.create(markRow(spent, {}, { now, until }), { now })));
    },

    async forestall(row, now) {
      // A tombstone of what never stood there would not be kept until the deadline.
      await store.create({ ...row, hash: '' }, { now });
      await store.revoke(row.selector, { now });
    },

    async create(row, adopting, now) {
      const beginning = [firstVerifier(context, adopting, now), everything.present(now)] as const;
      const [{ verifier, ...proof }, epoch] = await Promise.all(beginning);
      const data = await everything.marked(row.data, epoch);
      const created = await store.create({ ...row, ...proof, data }, { now });
      if (created !== 'created' && adopting?.verifier !== undefined) return 'adopted-already';
      if (created !== 'created') throw gone();
      return cookieChange(formatSessionToken({ selector: row.selector, verifier }), row);
    },

    logIn: (session, login, now) => logIn(context, session, login, now),

    continue(session, loaded, changes, now) {
      // Who came with the verifier before the present one is given the present one again, and never a third.
      const isUnasked = !session.rotating && !hasChanges(changes);
      if ((session.rotating || loaded.isFormer) && loaded.successor === undefined) {
        const rotation = rotate(context, session, loaded, changes, now);
        return isUnasked ? rotation.catch(() => undefined) : rotation;
      }
      const { row, successor } = loaded;
      if (hasChanges(changes)) {
        return after(patch(context, session, row, now, {}, changes), (result) => {
          if ('gone' in result) throw lost(context, row, result.gone);
          return withVerifier(row, successor);
        });
      }
      if (session.quiet || !lifetimes.renewalDue(row, now)) return withVerifier(row, successor);
      return renew(context, row, now).then(() => withVerifier(row, successor));
    },
  };
}

async function rotate(
  context: StoredContext,
  session: RequestSession<StoredSession>,
  { row, verifier }: StoredSession,
  changes: Changes,
  now: number,
): Promise<CookieChange> {
  const { verifiers, lifetimes, report } = context;
  const rotation = await verifiers.prepareRotation(verifier, row, now + lifetimes.rotationGrace);
  const result = await patch(context, session, row, now, { verifier: rotation.swap }, changes);
  if ('gone' in result) {
    const error = lost(context, row, result.gone);
    if (hasChanges(changes)) throw error;
    return undefined;
  }
  // Of several that rotate at once one does; the others are given what it made.
  report({ type: result.ok.hash === rotation.swap.to ? 'rotated' : 'replayed' }, row.selector);
  return withVerifier(row, await verifiers.currentVerifier(verifier, rotation, result.ok));
}

/** The cookie of this session with another verifier than the visitor came with. */
function withVerifier(row: SessionRecord, verifier: string | undefined): CookieChange {
  if (verifier === undefined) return undefined;
  return cookieChange(formatSessionToken({ selector: row.selector, verifier }), row);
}

/** Reports that the session ended while the request was under way. The error for what it wrote. */
function lost({ report }: StoredContext, { selector }: SessionRecord, cause: Gone): HttpError {
  report({ type: 'gone', cause }, selector);
  return gone();
}

/** Nobody asked for this write, so its failure, an event already, is no reason to refuse the response. */
async function renew({ store }: StoredContext, row: SessionRecord, now: number): Promise<void> {
  try {
    await store.touch(row.selector, { gen: row.gen, now });
  } catch {}
}

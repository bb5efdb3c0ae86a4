import { type Awaitable, after } from '../../crypto/index.ts';
import { maxCookieOctets } from '../../scope/admit.ts';
import { changed, touched } from '../../store/record.ts';
import { type Emission, emission } from '../emission.ts';
import { gone, nobodySignedOut, nothingKept } from '../failures.ts';
import { deadlines } from '../lifetime.ts';
import { newSelector } from '../selector.ts';
import type { Settings } from '../settings.ts';
import type { LoginIntent, SessionFacts, SessionState } from '../state.ts';
import { type Changes, hasChanges } from '../values.ts';
import type { Revoked } from './revoked.ts';
import type { SealedFound, Sealer } from './sealer.ts';

/** What a commit works with. */
export interface CommitContext extends Pick<Settings, 'cookie' | 'lifetimes' | 'report'> {
  readonly sealer: Sealer;
  readonly revoked: Revoked;
}

type State = SessionState<SealedFound>;

/**
 * Carries out what the handler meant: seals the session anew where it changed, and puts an id that ended on the list.
 * @throws HttpError 409 `session-gone`, 503 `store-unavailable`
 * @throws TypeError for a session that is larger than a cookie can be
 */
export function commitSealed(context: CommitContext, state: State, now: number): Awaitable<Emission> {
  const next = () => keep(context, state, now);
  return state.ended ? end(context, state).then(next) : next();
}

function keep(context: CommitContext, state: State, now: number): Awaitable<Emission> {
  const { found, login } = state;
  if (login !== undefined) return logIn(context, state, login, now);
  const changes = state.values.changes();
  if (found !== undefined) return goOn(context, state.rotating, found, changes, now);
  if (hasChanges(changes) && state.opened.storeAway) throw nothingKept();
  if (hasChanges(changes)) return createAnonymous(context, state, changes, now);
  return state.loggedOut && state.opened.cookieCame ? 'erase' : undefined;
}

async function end({ revoked, report }: CommitContext, { opened }: State): Promise<void> {
  if (opened.storeAway) throw nobodySignedOut();
  if (opened.found === undefined) return;
  const { selector, absoluteAt, userId } = opened.found.row;
  await revoked.add(selector, absoluteAt);
  report({ type: 'logout', user: userId ?? undefined }, selector);
}

/** A login has an id of its own. The one before it ends, and with it every copy of its cookie. */
async function logIn(
  context: CommitContext,
  state: State,
  { userId, externalId, remember = false, authenticatedAt }: LoginIntent,
  now: number,
): Promise<Emission> {
  const { revoked, lifetimes, report } = context;
  if (externalId !== undefined) {
    throw new TypeError(
      'Nobody can end a sealed session by its externalId: leave it out, or keep sessions in a store.',
    );
  }
  const found = state.found?.row;
  const cause = found && (await revoked.ending(found, now));
  if (found !== undefined && cause !== undefined) {
    report({ type: 'gone', cause }, found.selector);
    state.values = state.values.detached();
  }
  const before = cause === undefined ? found : undefined;
  const row: SessionFacts = {
    selector: newSelector(),
    gen: 0,
    userId,
    data: changed(before?.data ?? {}, state.values.changes()),
    createdAt: before?.createdAt ?? now,
    authenticatedAt: authenticatedAt ?? now,
    seenAt: now,
    ...deadlines(remember ? lifetimes.remembered : lifetimes.ordinary, now),
    remember,
  };
  const sealed = await seal(context, row);
  if (found !== undefined) await revoked.add(found.selector, found.absoluteAt);
  state.kept = row;
  report({ type: 'login', user: userId, remember }, row.selector);
  return sealed;
}

async function createAnonymous(
  context: CommitContext,
  state: State,
  changes: Changes,
  now: number,
): Promise<Emission> {
  const row: SessionFacts = {
    selector: newSelector(),
    gen: 0,
    userId: null,
    data: changes.set,
    createdAt: now,
    authenticatedAt: null,
    seenAt: now,
    ...deadlines(context.lifetimes.ordinary, now),
    remember: false,
  };
  const sealed = await seal(context, row);
  state.kept = row;
  context.report({ type: 'created' }, row.selector);
  return sealed;
}

/** The same session under the same id: a logout ends its older copies too. */
function goOn(
  context: CommitContext,
  rotating: boolean,
  { row, outdated }: SealedFound,
  changes: Changes,
  now: number,
): Awaitable<Emission> {
  const { revoked, lifetimes, report } = context;
  const writes = hasChanges(changes);
  const sealAgain = (): Awaitable<Emission> =>
    after(revoked.ending(row, now), (cause) => {
      if (cause !== undefined) {
        report({ type: 'gone', cause }, row.selector);
        if (writes) throw gone();
        return undefined;
      }
      const next = { ...touched(row, now), data: changed(row.data, changes) };
      return after(seal(context, next), (sealed) => {
        if (rotating) report({ type: 'rotated' }, row.selector);
        return sealed;
      });
    });
  if (writes || rotating) return sealAgain();
  return outdated || lifetimes.renewalDue(row, now) ? unasked(sealAgain) : undefined;
}

/** Nobody asked for this renewal, so its failure is no reason to refuse the response. */
async function unasked(renewal: () => Awaitable<Emission>): Promise<Emission> {
  try {
    return await renewal();
  } catch {
    return undefined;
  }
}

function seal({ sealer, cookie }: CommitContext, row: SessionFacts): Awaitable<Emission> {
  return after(sealer.seal(row), (value) => {
    const octets = cookie.name.length + value.length;
    if (octets <= maxCookieOctets) return emission(value, row);
    throw new TypeError(
      `This session is sealed into ${octets} bytes, and browsers keep ${maxCookieOctets} of a cookie: put less in it, or keep sessions in a store, createSessions({ store: sqliteStore(path) }).`,
    );
  });
}

import { type Awaitable, after } from '../../crypto/index.ts';
import type { HttpError } from '../../errors.ts';
import type { SessionRecord } from '../../store/contract.ts';
import { newVerifier } from '../../store/verifier.ts';
import { type Emission, emission } from '../emission.ts';
import { gone, nobodySignedOut, nothingKept, outdated } from '../failures.ts';
import { deadlines } from '../lifetime.ts';
import { newSelector } from '../selector.ts';
import type { SessionState } from '../state.ts';
import { type Changes, hasChanges } from '../values.ts';
import type { StoredFound } from './find.ts';
import { logIn } from './login.ts';
import { formatPass, sessionVerifiers } from './pass.ts';
import { type CommitContext, type Gone, patchRow } from './patch-row.ts';

/**
 * Carries out what the handler meant. With nothing to write and no renewal due there is no store call at all.
 * @throws HttpError 409 `session-gone` or `session-conflict`, 503 `store-unavailable`.
 */
export function commitRow(
  context: CommitContext,
  state: SessionState<StoredFound>,
  now: number,
): Awaitable<Emission> {
  const goOn = () => keepRow(context, state, now);
  return state.ended ? endRow(context, state, now).then(goOn) : goOn();
}

function keepRow(context: CommitContext, state: SessionState<StoredFound>, now: number): Awaitable<Emission> {
  const { found } = state;
  if (state.login !== undefined) return logIn(context, state, state.login, now);
  const changes = state.values.changes();
  if (found !== undefined) return continueRow(context, state, found, changes, now);
  if (hasChanges(changes)) {
    const { late, storeAway } = state.opened;
    if (storeAway) throw nothingKept();
    if (late !== undefined && !state.loggedOut) {
      // A session of its own would take the place of the newer one in the browser, and sign the visitor out there.
      context.report({ type: 'gone', cause: 'superseded' }, late);
      throw outdated();
    }
    return createAnonymous(context, state, changes, now);
  }
  return state.loggedOut && state.opened.cookieCame ? 'erase' : undefined;
}

async function endRow({ store, report }: CommitContext, state: SessionState, now: number): Promise<void> {
  const { found, storeAway } = state.opened;
  if (storeAway) throw nobodySignedOut();
  if (found === undefined) return;
  const { row } = found;
  await store.revoke(row.selector, { now });
  report({ type: 'logout', user: row.userId ?? undefined }, row.selector);
}

async function createAnonymous(
  { store, lifetimes, report }: CommitContext,
  state: SessionState,
  changes: Changes,
  now: number,
): Promise<Emission> {
  const pass = { selector: newSelector(), verifier: newVerifier() };
  const record: SessionRecord = {
    selector: pass.selector,
    gen: 0,
    hash: await sessionVerifiers.hash(pass.verifier),
    userId: null,
    data: changes.set,
    createdAt: now,
    authenticatedAt: null,
    seenAt: now,
    ...deadlines(lifetimes.ordinary, now),
    remember: false,
    device: state.opened.device,
  };
  if ((await store.create(record, { now })) !== 'created') throw gone();
  state.kept = record;
  report({ type: 'created' }, pass.selector);
  return emission(formatPass(pass), record);
}

function continueRow(
  context: CommitContext,
  state: SessionState,
  found: StoredFound,
  changes: Changes,
  now: number,
): Awaitable<Emission> {
  // Who came with the verifier before the present one is given the present one again, and never a third.
  if (state.rotating && found.successor === undefined) return rotateRow(context, state, found, changes, now);
  const { row } = found;
  const resend = () => passed(row, found.successor);
  if (hasChanges(changes)) {
    return after(patchRow(context, state, row, now, {}, changes), (result) => {
      if ('gone' in result) throw lost(context, row, result.gone);
      return resend();
    });
  }
  return context.lifetimes.renewalDue(row, now) ? renew(context, row, now).then(resend) : resend();
}

async function rotateRow(
  context: CommitContext,
  state: SessionState,
  { row, verifier }: StoredFound,
  changes: Changes,
  now: number,
): Promise<Emission> {
  const { lifetimes, report } = context;
  const rotation = await sessionVerifiers.prepareRotation(verifier, row, now + lifetimes.rotationGrace);
  const result = await patchRow(context, state, row, now, { verifier: rotation.swap }, changes);
  if ('gone' in result) {
    const error = lost(context, row, result.gone);
    if (hasChanges(changes)) throw error;
    return undefined;
  }
  report({ type: 'rotated' }, row.selector);
  return passed(row, await sessionVerifiers.currentVerifier(verifier, rotation, result.ok));
}

/** The cookie of this session with another verifier than the visitor came with. */
function passed(row: SessionRecord, verifier: string | undefined): Emission {
  return verifier === undefined ? undefined : emission(formatPass({ selector: row.selector, verifier }), row);
}

/** Tells that the session ended while the request was under way. The error for what it wrote. */
function lost({ report }: CommitContext, { selector }: SessionRecord, cause: Gone): HttpError {
  report({ type: 'gone', cause }, selector);
  return gone();
}

/** Nobody asked for this write, so its failure, an event already, is no reason to refuse the response. */
async function renew({ store }: CommitContext, row: SessionRecord, now: number): Promise<void> {
  try {
    await store.touch(row.selector, { gen: row.gen, now });
  } catch {}
}

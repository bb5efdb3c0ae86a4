import type { SessionRecord } from '../../store/contract.ts';
import { newVerifier } from '../../store/verifier.ts';
import { type Emission, emission } from '../emission.ts';
import { gone, nobodySignedOut, outdated } from '../failures.ts';
import { deadlines } from '../lifetime.ts';
import { newSelector } from '../selector.ts';
import type { SessionState } from '../state.ts';
import { hasChanges } from '../values.ts';
import type { StoredFound } from './find.ts';
import { logIn } from './login.ts';
import { formatPass, sessionVerifiers } from './pass.ts';
import { type CommitContext, patchRow } from './patch-row.ts';

/**
 * Carries out what the handler meant. With nothing to write and no renewal due there is no store call at all.
 * @throws HttpFacingError 409 `session-gone` or `session-conflict`, 503 `store-unavailable`.
 */
export async function commitRow(
  context: CommitContext,
  state: SessionState<StoredFound>,
  now: number,
): Promise<Emission> {
  if (state.ended) await endRow(context, state, now);
  const { found } = state;
  if (state.login !== undefined) return logIn(context, state, state.login, now);
  if (found !== undefined) return continueRow(context, state, found, now);
  if (hasChanges(state.values.changes())) {
    const { late } = state.opened;
    if (late !== undefined && !state.loggedOut) {
      // A session of its own would take the place of the newer one in the browser, and sign the visitor out there.
      context.report({ kind: 'gone', cause: 'superseded' }, late);
      throw outdated();
    }
    return createAnonymous(context, state, now);
  }
  return state.loggedOut && state.opened.cookieCame ? 'erase' : undefined;
}

async function endRow({ store, report }: CommitContext, state: SessionState, now: number): Promise<void> {
  const { found, storeAway } = state.opened;
  if (storeAway) throw nobodySignedOut();
  if (found === undefined) return;
  const { row } = found;
  await store.revoke(row.selector, { now });
  report({ kind: 'logout', user: row.userId ?? undefined }, row.selector);
}

async function createAnonymous(
  { store, lifetimes, report }: CommitContext,
  state: SessionState,
  now: number,
): Promise<Emission> {
  const pass = { selector: newSelector(), verifier: newVerifier() };
  const record: SessionRecord = {
    selector: pass.selector,
    gen: 0,
    hash: await sessionVerifiers.hash(pass.verifier),
    userId: null,
    data: state.values.changes().set,
    createdAt: now,
    authenticatedAt: null,
    seenAt: now,
    ...deadlines(lifetimes.ordinary, now),
    remember: false,
    device: state.opened.device,
  };
  if ((await store.create(record, { now })) !== 'created') throw gone();
  state.kept = record;
  report({ kind: 'created' }, pass.selector);
  return emission(formatPass(pass), record);
}

async function continueRow(
  context: CommitContext,
  state: SessionState,
  { row, verifier, successor }: StoredFound,
  now: number,
): Promise<Emission> {
  const { lifetimes, report } = context;
  const { selector } = row;
  const resend = (present: string | undefined): Emission =>
    present === undefined ? undefined : emission(formatPass({ selector, verifier: present }), row);

  // Who came with the verifier before the present one is given the present one again, and never a third.
  const rotation =
    state.rotating && successor === undefined
      ? await sessionVerifiers.prepareRotation(verifier, row, now + lifetimes.rotationGrace)
      : undefined;
  const writes = hasChanges(state.values.changes());
  if (!writes && rotation === undefined) {
    if (lifetimes.renewalDue(row, now)) await renew(context, row, now);
    return resend(successor);
  }

  const result = await patchRow(context, state, row, now, { verifier: rotation?.swap });
  if ('gone' in result) {
    report({ kind: 'gone', cause: result.gone }, selector);
    if (writes) throw gone();
    return undefined;
  }
  if (rotation === undefined) return resend(successor);
  report({ kind: 'rotated' }, selector);
  return resend(await sessionVerifiers.presentVerifier(verifier, rotation, result.ok));
}

/** Nobody asked for this write, so its failure, an event already, is no reason to refuse the response. */
async function renew({ store }: CommitContext, row: SessionRecord, now: number): Promise<void> {
  await store.touch(row.selector, { gen: row.gen, now }).catch(() => {});
}

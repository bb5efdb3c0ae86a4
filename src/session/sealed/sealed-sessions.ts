import { checkOptions } from '../../errors/misuse.ts';
import { warnOfOneProcess } from '../../errors/one-process.ts';
import { KeyRing } from '../../seal/key-ring.ts';
import { defaultRevocations, memoryRevocations } from '../../store/memory/memory-revocations.ts';
import { timeoutToMilliseconds } from '../../time.ts';
import { type SealedOptions, type SealingOptions, sealingShape } from '../options.ts';
import { SessionManager } from '../sessions.ts';
import { settingsOf } from '../settings.ts';
import type { Sessions } from '../types.ts';
import { sealedBackend } from './backend.ts';
import { revokedSessions } from './revoked.ts';
import { sealer } from './sealer.ts';

/** @throws TypeError for an option that cannot be meant; the sentence says the fix. */
export function sealedSessions<Data extends object>(options: SealedOptions<Data>): Sessions<Data> {
  if (options.maxPerUser !== undefined) {
    throw new TypeError(
      'maxPerUser needs a store, for nothing else knows the sessions of a user: leave it out, or createSessions({ store: sqliteStore(path) }).',
    );
  }
  if (Object.values(options.conflicts ?? {}).some((policy) => policy !== 'last')) {
    throw new TypeError(
      'Of sealed sessions the last response wins, whatever conflicts says: leave it out, or createSessions({ store: sqliteStore(path) }).',
    );
  }
  const { keys, revocations, staleness = 0 } = sealing(options);
  const settings = settingsOf(options);
  const { cookie, lifetimes, report } = settings;
  const backend = sealedBackend({
    cookie,
    lifetimes,
    report,
    sealer: sealer(keys, cookie.name),
    formerSealers: new Map(cookie.formerNames.map((name) => [name, sealer(keys, name)])),
    revoked: revokedSessions(revocations, timeoutToMilliseconds(staleness), settings),
  });
  return new SessionManager(settings, backend);
}

function sealing({ sealed, clock }: Pick<SealedOptions<object>, 'sealed' | 'clock'>): SealingOptions {
  if (sealed instanceof KeyRing) {
    warnOfOneProcess(
      'Sealed sessions remember who signed out in this process only, and NODE_ENV is production: when it ends, or in another process, a copy of their cookie signs in again. Share a list: createSessions({ sealed: { keys, revocations: sqliteRevocations(path) } }).',
    );
    // One list for all clocks would forget an id by a later clock than that of its session.
    return { keys: sealed, revocations: clock === undefined ? defaultRevocations() : memoryRevocations() };
  }
  if (sealed?.keys instanceof KeyRing && typeof sealed.revocations?.has === 'function') {
    checkOptions(sealed, sealingShape, 'createSessions', 'sealed.');
    return sealed;
  }
  throw new TypeError('sealed is a key ring, or { keys: keyRing(…), revocations: sqliteRevocations(path) }.');
}

import { safeCause } from '../../errors/safe-cause.ts';
import { HallpassError } from '../../errors.ts';

/** The first word of an error reply, by which Redis says what kind it is. */
function kindOf(error: unknown): string {
  return (error instanceof Error && /^[A-Z]{3,}\b/.exec(error.message)?.[0]) || '';
}

/** True when Redis does not know a script by its name: it has restarted, or was told to forget. */
export function isUnknownScript(error: unknown): boolean {
  return kindOf(error) === 'NOSCRIPT';
}

/** True when another node of the cluster has to be asked, so that nothing was carried out. */
export function isElsewhere(error: unknown): boolean {
  return ['MOVED', 'ASK', 'TRYAGAIN'].includes(kindOf(error));
}

const sentences: Readonly<Record<string, string>> = {
  CROSSSLOT: 'is a cluster, or shards behind a proxy: pass a cluster client.',
  ERR: 'refused a command; the cause of this error says why. Redis 7.0 or newer is needed.',
  NOAUTH: 'wants a password: give it to the client.',
  NOPERM:
    'refused the user a right: its ACL needs +@read +@write +@scripting +@connection +time, and the keys under the prefix.',
  WRONGPASS: 'refused the user: check the user and password of the client.',
  WRONGTYPE: 'holds something else under this prefix: choose another one. Nothing was overwritten.',
};

/** The same of a wait for disks, which some servers cannot do. */
export function toWaitError(error: unknown): unknown {
  if (kindOf(error) !== 'ERR') return toStoreError(error);
  return new HallpassError(
    'store-unusable',
    'Redis cannot tell what is on its disk: wait.onDisk needs Redis 7.2 or newer, or Valkey, and appendonly yes; the cause of this error says which is missing.',
    { cause: safeCause(error) },
  );
}

/** What a client's error means for the person who runs the server. Our own errors stay as they are. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof HallpassError) return error;
  const cause = safeCause(error);
  const sentence = sentences[kindOf(error)];
  if (sentence !== undefined) return new HallpassError('store-unusable', `Redis ${sentence}`, { cause });
  return new HallpassError(
    'store-unavailable',
    'Redis cannot be reached or is not ready; the cause of this error says how.',
    { cause },
  );
}

import { type Awaitable, after } from '../../crypto/index.ts';
import { maxCookieLifetime } from '../../scope/admit.ts';
import type { ReasonCode } from '../../scope/verdict.ts';
import { sealing, type Unopened } from '../../seal/envelope.ts';
import type { KeyRing } from '../../seal/key-ring.ts';
import type { Refusal } from '../backend.ts';
import type { LoadedSession, SessionFacts } from '../request-session.ts';
import { readSealedText, sealedText } from './sealed-text.ts';

/** A session out of a cookie. */
export interface SealedSession extends LoadedSession {
  readonly isFormer: boolean;
}

/** Sessions to the value of a cookie of one name and back. */
export interface Sealer {
  seal(row: SessionFacts): Awaitable<string>;
  /** Any text is an answer. Deadlines are not judged here. */
  open(value: string, now: number): Awaitable<SealedSession | Refusal>;
}

const day = 86_400_000;
/** No cookie is older, since browsers keep none longer (rfc6265bis §5.5). */
const oldestDay = maxCookieLifetime / day;
/** A cookie is `day.envelope`: the number of the day in base 36 says which key it is. */
const dayForm = /^[0-9a-z]{1,6}$/;
/**
 * Cookies come again and again, and need to be opened only once: so many of the last ones, and at most twice as many. Bench row:
 * all of `sessions.open`, for a sealed cookie that came before.
 */
const cookiesKept = 500;
/** The end of a cookie is its authentication tag, by which it is looked up faster than by all of it. */
const tagLength = 22;

interface Known {
  readonly value: string;
  readonly session: SealedSession;
}

const refusals: Record<Unopened, ReasonCode> = {
  'seal-broken': 'session-broken-seal',
  'seal-unknown-key': 'session-unknown-key',
};

/** True for the form of a sealed session, whatever day and envelope it names. */
export const isSealed = (value: string): boolean => value.includes('.');

export function sealer(ring: KeyRing, cookieName: string): Sealer {
  const bindingOf = (dayText: string) => ({ purpose: `session 1 ${dayText}`, name: cookieName });
  let last = { dayText: '', binding: bindingOf('') };
  const binding = (dayText: string) => {
    if (dayText !== last.dayText) last = { dayText, binding: bindingOf(dayText) };
    return last.binding;
  };
  let opened = new Map<string, Known>();
  let openedBefore = opened;

  // A Map that loses its oldest entry again and again is slow, so a full one steps back and is dropped as a whole.
  const remember = (value: string, session: SealedSession): SealedSession => {
    if (opened.size >= cookiesKept) {
      openedBefore = opened;
      opened = new Map();
    }
    opened.set(value.slice(-tagLength), { value, session });
    return session;
  };

  return {
    seal(row) {
      const dayText = Math.floor(row.seenAt / day).toString(36);
      return after(sealing.wrap(ring, binding(dayText), sealedText(row)), (text) => `${dayText}.${text}`);
    },

    open(value, now) {
      const tag = value.slice(-tagLength);
      const known = opened.get(tag);
      if (known?.value === value) return known.session;
      const knownBefore = openedBefore.get(tag);
      if (knownBefore?.value === value) return remember(value, knownBefore.session);
      const split = value.indexOf('.');
      const dayText = value.slice(0, Math.max(split, 0));
      const age = dayForm.test(dayText) ? Math.floor(now / day) - Number.parseInt(dayText, 36) : undefined;
      // Each day has a key of its own, and nobody makes this server derive keys for days that cannot be.
      if (age === undefined || age < -1 || age > oldestDay) return { refused: 'session-malformed' };
      const envelope = value.slice(split + 1);
      return after(sealing.unwrap(ring, binding(dayText), envelope), (unwrapped) => {
        if (typeof unwrapped === 'string') return { refused: refusals[unwrapped] };
        const { text, formerKey } = unwrapped;
        return remember(value, { row: readSealedText(text), isFormer: formerKey });
      });
    },
  };
}

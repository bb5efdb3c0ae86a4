import { type Awaitable, after } from '../../crypto/index.ts';
import type { ReasonCode } from '../../scope/verdict.ts';
import { sealing, type Unopened } from '../../seal/envelope.ts';
import type { KeyRing } from '../../seal/key-ring.ts';
import type { Refusal } from '../backend.ts';
import type { Found, SessionFacts } from '../state.ts';
import { readSealedText, sealedText } from './sealed-text.ts';

/** A session out of a cookie. */
export interface SealedFound extends Found {
  /** True when another key than today's sealed it. */
  readonly outdated: boolean;
}

/** Sessions to the value of a cookie of one name and back. */
export interface Sealer {
  seal(row: SessionFacts): Awaitable<string>;
  /** Any text is an answer. Deadlines are not judged here. */
  open(value: string, now: number): Awaitable<SealedFound | Refusal>;
}

const day = 86_400_000;
/** No cookie is older, since browsers keep none longer (rfc6265bis §5.5). */
const oldestDay = 400;
/** `day.envelope`: the number of the day in base 36 says which key it is. */
const form = /^([0-9a-z]{1,6})\.(.*)$/s;
/** Cookies come again and again, and need to be opened only once: the last so many of them. */
const cookiesKept = 1000;

const refusals: Record<Unopened, ReasonCode> = {
  'seal-broken': 'session-broken-seal',
  'seal-unknown-key': 'session-unknown-key',
};

export function sealer(ring: KeyRing, cookieName: string): Sealer {
  const binding = (dayText: string) => ({ purpose: `session 1 ${dayText}`, name: cookieName });
  const opened = new Map<string, SealedFound>();

  const remember = (value: string, found: SealedFound): SealedFound => {
    const [oldest] = opened.keys();
    if (opened.size >= cookiesKept && oldest !== undefined) opened.delete(oldest);
    opened.set(value, found);
    return found;
  };

  return {
    seal(row) {
      const dayText = Math.floor(row.seenAt / day).toString(36);
      return after(sealing.wrap(ring, binding(dayText), sealedText(row)), (text) => `${dayText}.${text}`);
    },

    open(value, now) {
      const known = opened.get(value);
      if (known !== undefined) return known;
      const [, dayText = '', envelope = ''] = form.exec(value) ?? [];
      const age = Math.floor(now / day) - Number.parseInt(dayText, 36);
      // Each day has a key of its own, and nobody makes this server derive keys for days that cannot be.
      if (!(age >= -1 && age <= oldestDay)) return { refused: 'session-malformed' };
      return after(sealing.unwrap(ring, binding(dayText), envelope), (unwrapped) => {
        if (typeof unwrapped === 'string') return { refused: refusals[unwrapped] };
        const { text, outdated } = unwrapped;
        return remember(value, { row: readSealedText(text), outdated });
      });
    },
  };
}

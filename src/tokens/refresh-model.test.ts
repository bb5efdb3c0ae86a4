import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokenServer } from '../../conformance/tokens/token-server.ts';

const grace = 30_000;
const skew = 60_000;
const life = 7_200_000;

/** The rule of a family in ten lines: what each of its tokens is worth, and when. */
class Family {
  readonly tokens: string[];
  readonly #endsAt: number;
  #graceUntil = 0;
  #ended = false;

  constructor(first: string, now: number) {
    this.tokens = [first];
    this.#endsAt = now + life;
  }

  /** What the token so many steps back gets: a code, an earlier token, or `'next'`. */
  expected(stepsBack: number, now: number): string {
    const young = now < this.#graceUntil;
    if (this.#ended) return 'refresh-revoked';
    if (now >= this.#endsAt) return 'refresh-expired';
    if (stepsBack === 0 && !young) return 'next';
    const given = now < this.#graceUntil + skew;
    if (stepsBack === 0 || (stepsBack === 1 && given)) return this.tokens.at(-1) ?? '';
    this.#ended = true;
    return 'refresh-replayed';
  }

  rotate(next: string, now: number): void {
    this.tokens.push(next);
    this.#graceUntil = now + grace;
  }
}

const use = fc.record({ stepsBack: fc.nat({ max: 3 }) });
const wait = fc.record({
  ms: fc.constantFrom(1, 29_999, 30_000, 30_001, 59_999, 60_000, 3_600_000, 7_199_999),
});

it('S84: whichever of its tokens come, and whenever, a family does what the model says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(use, wait), { maxLength: 25 }), async (steps) => {
      const { tokens, clock } = tokenServer({ refresh: life / 1_000, rotationGrace: grace / 1_000 });
      const family = new Family((await tokens.issueBearer('alice')).refresh, clock.now());
      for (const step of steps) {
        if ('ms' in step) {
          clock.advance(step.ms / 1_000);
          continue;
        }
        const stepsBack = Math.min(step.stepsBack, family.tokens.length - 1);
        const expected = family.expected(stepsBack, clock.now());
        const outcome = await tokens.refreshBearer(family.tokens.at(-1 - stepsBack) ?? '');
        const result = outcome.allowed ? outcome.refresh : outcome.reasons[0].code;
        if (expected !== 'next') {
          expect(result).toBe(expected);
          continue;
        }
        expect(outcome.allowed).toBe(true);
        expect(family.tokens).not.toContain(result);
        family.rotate(result, clock.now());
      }
    }),
    { numRuns: 150 },
  );
});

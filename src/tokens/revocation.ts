import type { Report } from '../store/report.ts';
import { checkedUser } from '../store/user-id.ts';
import type { AccessFacts } from './access-facts.ts';
import { familyOf, tolerance } from './access-token.ts';
import type { TokenHappening } from './events.ts';
import { asFamily, endToken, type FamilyRow, isEnded } from './family-row.ts';
import { isFamilyName } from './refresh-token.ts';
import type { Settings } from './settings.ts';

/**
 * Ends tokens before their time. The store knows which families live and which of their access tokens were ended; where there
 * is a list of revocations, it is told first, so that a call that failed half-way can be made again.
 */
export class Revocation {
  readonly #store: Settings['store'];
  readonly #everything: Settings['everything'];
  readonly #list: Settings['revocations'];
  readonly #report: Report<TokenHappening>;
  /** Milliseconds after which no access token of now is good any longer. */
  readonly #memory: number;

  constructor({ store, everything, revocations, report, rules }: Settings) {
    this.#store = store;
    this.#everything = everything;
    this.#list = revocations;
    this.#report = report;
    this.#memory = (rules.life + tolerance) * 1_000;
  }

  /** True for a genuine access token that was ended. One read, and once a second another one. */
  async has({ user, family, jti, epoch }: AccessFacts, now: number): Promise<boolean> {
    const list = this.#list;
    const isOver = this.#everything.isOver(epoch, now);
    if (typeof isOver === 'boolean' ? isOver : await isOver) return true;
    if (list !== undefined) {
      const ended = await Promise.all([list.has(family, now), list.has(jti, now)]);
      return ended.includes(true);
    }
    const row = asFamily(await this.#store.read(family, { now }));
    return row === undefined || row.userId !== user || isEnded(row, jti);
  }

  async endRow({ selector }: FamilyRow, now: number): Promise<boolean> {
    await this.#list?.add(selector, now + this.#memory);
    return this.#store.revoke(selector, { now });
  }

  /** @param of the user whose family it must be */
  async endFamily(family: string, of: string | undefined, now: number): Promise<number> {
    const row = isFamilyName(family) ? asFamily(await this.#store.read(family, { now })) : undefined;
    if (row === undefined || (of !== undefined && row.userId !== of)) return 0;
    if (await this.#everything.hasEnded(row, now)) return 0;
    const count = Number(await this.endRow(row, now));
    this.#report({ type: 'revoked', what: 'family', user: row.userId, count }, family);
    return count;
  }

  /** Ends every family of the issuer, and all of its access tokens. */
  async endEverything(now: number): Promise<void> {
    await this.#everything.raise(now);
    this.#report({ type: 'revoked-everything' });
  }

  async endUser(userId: string, now: number): Promise<number> {
    const user = checkedUser(userId, 'revoke');
    if (this.#list !== undefined) {
      for (const { selector } of await this.#store.listByUser(user, { now })) {
        await this.#list.add(selector, now + this.#memory);
      }
    }
    const count = await this.#everything.revokeByUser(user, { now });
    this.#report({ type: 'revoked', what: 'user', user, count });
    return count;
  }

  async endToken(jti: string, now: number): Promise<number> {
    const family = familyOf(jti);
    if (family === undefined) return 0;
    const until = now + this.#memory;
    const row = asFamily(await this.#store.read(family, { now }));
    if (row === undefined) return 0;
    await this.#list?.add(jti, until);
    const result = await this.#store.patch(family, endToken(row, jti, until, now));
    const count = Number('ok' in result);
    this.#report({ type: 'revoked', what: 'token', user: row.userId, count }, family);
    return count;
  }
}

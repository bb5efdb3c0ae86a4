import { type LintedExchange, lintExchanges, type Reason, type SuffixList } from '../../index.ts';
import { explain } from '../../why/index.ts';
import { chromiumReasons, ofItsOwn } from './chromium-reasons.ts';
import type { Blocked, Observed } from './recorder.ts';

/** A cookie that did not get where it should, with both opinions of it. */
export interface Diagnosis {
  readonly name: string;
  /** `set`: the answer did not plant it. `sent`: the request went without it. */
  readonly when: 'set' | 'sent';
  readonly method: string;
  /** Without query and user, the parameters of its path masked. */
  readonly url: string;
  /** Chromium's reasons, in its own words; none where it had nothing against it. */
  readonly chromium: readonly string[];
  /** The codes of ours; none where we have nothing against it, or do not know the cookie, as one that a script set. */
  readonly hallpass: readonly string[];
  /** True where one of ours says what Chromium says. */
  readonly agrees: boolean;
  readonly sentence: string;
  readonly fix: string;
}

/** Everything that Chromium refused, or that we would have by its own rules, cookie by cookie. */
export function compare(observed: readonly Observed[], suffixes: SuffixList): Diagnosis[] {
  const judged = lintExchanges(
    observed.map(({ exchange }) => exchange),
    { suffixes, engine: 'chromium' },
  );
  const all = judged.flatMap((ours, at) => compareOne(ours, observed[at]?.blocked ?? []));
  const known = new Set<string>();
  return all.filter(({ name, when, url, chromium, hallpass }) => {
    const key = JSON.stringify([name, when, url, chromium, hallpass]);
    return !known.has(key) && known.add(key);
  });
}

function compareOne(ours: LintedExchange, blocked: readonly Blocked[]): Diagnosis[] {
  const { method, url = '' } = ours;
  const opinions = new Map<
    string,
    { chromium: string[]; reasons: Reason[]; name: string; when: 'set' | 'sent' }
  >();
  const opinionOf = (when: 'set' | 'sent', name: string) => {
    const key = `${when} ${name}`;
    const opinion = opinions.get(key) ?? { chromium: [], reasons: [], name, when };
    opinions.set(key, opinion);
    return opinion;
  };
  for (const { name, when, reasons } of blocked) opinionOf(when, name).chromium.push(...reasons);
  for (const { cookie, stored } of ours.cookies) {
    if (cookie !== undefined && stored?.allowed === false)
      opinionOf('set', cookie.name).reasons.push(...stored.reasons);
  }
  for (const { name, reasons } of ours.withheld) {
    // Of what does not travel because it is for elsewhere Chromium says nothing either.
    if (opinions.has(`sent ${name}`)) opinionOf('sent', name).reasons.push(...reasons);
  }
  return [...opinions.values()].map(({ chromium, reasons, name, when }) => {
    const codes = [...new Set(reasons.map(({ code }) => code as string))];
    const meant =
      reasons.find(({ code }) => chromium.some((word) => chromiumReasons[word]?.includes(code))) ??
      reasons[0];
    const code = meant?.code ?? chromiumReasons[chromium[0] ?? '']?.[0] ?? '';
    const explained = explain(code) ?? ofItsOwn(chromium[0] ?? '');
    return {
      name,
      when,
      method,
      url,
      chromium: [...new Set(chromium)],
      hallpass: codes,
      agrees: chromium.some((word) => chromiumReasons[word]?.some((one) => codes.includes(one))),
      sentence: meant?.sentence ?? explained?.sentence.replace('{name}', name) ?? '',
      fix: explained?.fix.replaceAll('`', '') ?? '',
    };
  });
}

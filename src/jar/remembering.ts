import type { SuffixList } from '../scope/site.ts';

const mostRemembered = 4096;

/** A list that remembers its last answers: one site is asked about again and again. Bench row: set, mostly updates (`jar.set`). */
export function remembering(ask: (host: string) => string | undefined): SuffixList {
  const answers = new Map<string, string | undefined>();
  return {
    registrableDomain(host) {
      const known = answers.get(host);
      if (known !== undefined || answers.has(host)) return known;
      if (answers.size >= mostRemembered) answers.clear();
      const answer = ask(host);
      answers.set(host, answer);
      return answer;
    },
  };
}

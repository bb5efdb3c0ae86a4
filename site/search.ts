/*
 * What comes first when somebody searches the site. VitePress gets these options where a page starts (theme/index.js): functions of
 * its configuration it would write into every page, as text to be evaluated, which the pages' policy forbids.
 */

/** What a section counts, against 1 of a guide: by the first pattern that its path meets. */
const weights: readonly (readonly [path: RegExp, weight: number])[] = [
  [/^(changelog|contributing|mutation|decisions\/)/, 0.15],
  [/^(reference\/|(api|options|promises|asvs|threat-model|browsers|reasons)\b)/, 0.3],
  [/^(examples\/|articles|threads)/, 0.4],
  [/^(performance|comparison|guides)/, 0.6],
  [/^why\/.*#(what-happened|what-to-do|example)$/, 0.4],
  [/^(why|moving)\//, 0.8],
  [/^faq/, 1.2],
];

/** @param path of a section below the base of the site, as `sessions#devices` */
export function weightOf(path: string): number {
  return weights.find(([pattern]) => pattern.test(path))?.[1] ?? 1;
}

/** Options of MiniSearch's `search` for a site that is served below `base`. */
export const searchOptionsFor = (base: string) => ({
  boost: { title: 4, text: 2, titles: 1 },
  boostDocument: (id: string) => weightOf(id.slice(base.length)),
  // The beginning of a short word begins everything, and one letter more or less makes another word of it.
  prefix: (term: string) => term.length > 2,
  fuzzy: (term: string) => (term.length > 4 ? 0.2 : false),
});

import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { searchOptionsFor } from './search.ts';

/** What people type, and the section, or the page, that has to come first. */
export const questions: Readonly<Record<string, string>> = {
  'remember me': 'faq#how-do-i-let-somebody-stay-signed-in-remember-me',
  millisecond: 'faq#timeout-5000-throws',
  timeout: 'faq#timeout-5000-throws',
  'csrf token mismatch': 'faq#every-post-of-my-own-pages-is-a-403-csrf-refused',
  'logout everywhere': 'faq#how-do-i-log-somebody-out-everywhere-on-all-devices',
  'log out everywhere': 'faq#how-do-i-log-somebody-out-everywhere-on-all-devices',
  'brute force': 'faq#how-do-i-slow-down-who-guesses-passwords-brute-force',
  'rate limit': 'faq#how-do-i-slow-down-who-guesses-passwords-brute-force',
  redis: 'stores#redis',
  express: 'start#express',
  'next.js': 'frameworks#nextjs',
  'cookie not set': 'faq#the-browser-does-not-keep-my-cookie',
  'safari localhost': 'why/safari-drops#safari-drops',
  'race condition': 'races#races',
  createSessions: 'reference/hallpass/session#createsessions',
};

/** As much of MiniSearch as this needs. */
export interface SearchIndex {
  search(query: string, options: object): readonly { readonly id: string }[];
}

/** MiniSearch as the pages have it: it comes with VitePress. */
export async function openIndex(json: string): Promise<SearchIndex> {
  const require = createRequire(new URL('package.json', import.meta.url));
  const { default: MiniSearch } = (await import(pathToFileURL(require.resolve('minisearch')).href)) as {
    default: { loadJSON(json: string, options: object): SearchIndex };
  };
  return MiniSearch.loadJSON(json, { fields: ['title', 'titles', 'text'], storeFields: ['title', 'titles'] });
}

/**
 * Questions that lead first to another section of the built site.
 *
 * @param folder holds the built site
 * @param base the path that it is served under
 */
export async function searchProblems(folder: string, base: string): Promise<string[]> {
  const [file] = globSync('assets/chunks/@localSearchIndexroot.*.js', { cwd: folder });
  if (file === undefined) return ['the site has no index to search in'];
  const { default: json } = (await import(pathToFileURL(join(folder, file)).href)) as { default: string };
  return misleading(await openIndex(json), base, questions);
}

/** Those of the questions that lead first to another section, each as a sentence. */
export function misleading(
  index: SearchIndex,
  base: string,
  asked: Readonly<Record<string, string>>,
): string[] {
  const options = searchOptionsFor(base);
  return Object.entries(asked).flatMap(([question, wanted]) => {
    const first = index.search(question, options)[0]?.id.slice(base.length) ?? 'nothing';
    return first === wanted ? [] : [`a search for "${question}" leads to ${first} before ${wanted}`];
  });
}

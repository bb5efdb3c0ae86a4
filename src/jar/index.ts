export type { SetCookie, StoredCookie } from '../scope/cookie-facts.ts';
export type { SuffixList } from '../scope/site.ts';
export { readCookiesTxt, writeCookiesTxt } from './cookies-txt.ts';
export { CookieJar, type CookieJarOptions, type ResponseSource } from './jar.ts';
export type { SavedCookie, SavedJar } from './json.ts';
export type { JarLimits } from './limits.ts';
export type { JarSnapshot, Selected } from './select.ts';
export { publicSuffixes } from './suffixes.ts';

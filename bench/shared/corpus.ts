import { token as tokenOf } from './inputs.ts';

/*
 * Cookies as servers of today write them: the shapes are public (documentation of frameworks, of content networks and of
 * measurement scripts), every value is made here. Of 200 lines 112 have a date and 80 an age, 105 and 73 of which differ: a line
 * that deletes a cookie has 1970 and 0 in all its copies, and a language or a theme is one of a few values, as on the Web.
 */

/** Which values the shapes are filled with: the names and the rest of a line are alike in all. */
let generation = 0;
const token = (seed: number, length: number) => tokenOf(seed + generation * 100_003, length);

const hour = 3_600;
const day = 86_400;
const now = Math.floor(Date.now() / 1_000) * 1_000;
/** Dates differ as the moments differ at which answers are written. They are ahead of this run, whenever that is: no line has expired that does not delete. */
const date = (seed: number, ahead: number) => new Date(now + (ahead + seed * 37) * 1_000).toUTCString();
const hyphened = (text: string) => text.replace(/(\d\d) (\w{3}) (\d{4})/, '$1-$2-$3');
const uuid = (seed: number) =>
  [8, 4, 4, 4, 12].map((length, at) => token(seed * 8 + at, length).replace(/[g-z]/g, 'f')).join('-');
const host = (seed: number) =>
  `${['shop', 'www', 'api', 'account', 'news'][seed % 5]}.example-${seed % 23}.com`;

type Shape = (seed: number) => string;

const setCookieShapes: Shape[] = [
  (i) => `PHPSESSID=${token(i, 26)}; path=/`,
  (i) => `JSESSIONID=${token(i, 32).toUpperCase()}; Path=/app; HttpOnly`,
  (i) =>
    `connect.sid=s%3A${token(i, 32)}.${token(i + 1, 43)}; Path=/; Expires=${date(i, day)}; HttpOnly; Secure; SameSite=Lax`,
  (i) =>
    `sessionid=${token(i, 32)}; expires=${date(i, 14 * day)}; HttpOnly; Max-Age=${14 * day - i}; Path=/; SameSite=Lax; Secure`,
  (i) =>
    `csrftoken=${token(i, 64)}; expires=${date(i, 364 * day)}; Max-Age=${364 * day - i}; Path=/; SameSite=Lax`,
  (i) =>
    `_app_session=${token(i, 180)}%3D%3D--${token(i + 9, 16)}%3D--${token(i + 3, 22)}%3D%3D; path=/; secure; httponly; samesite=lax`,
  (i) =>
    `laravel_session=eyJpdiI6${token(i, 240)}%3D; expires=${date(i, 2 * hour)}; Max-Age=${2 * hour - (i % 60)}; path=/; httponly; samesite=lax`,
  (i) =>
    `XSRF-TOKEN=eyJpdiI6${token(i, 230)}%3D; expires=${date(i, 2 * hour)}; Max-Age=${2 * hour - (i % 60)}; path=/; secure; samesite=lax`,
  (i) => `.AspNetCore.Antiforgery.${token(i, 11)}=CfDJ8${token(i, 150)}; path=/; samesite=strict; httponly`,
  (i) => `.AspNetCore.Cookies=CfDJ8${token(i, 900)}; path=/; secure; samesite=lax; httponly`,
  (i) => `ASP.NET_SessionId=${token(i, 24)}; path=/; HttpOnly; SameSite=Lax`,
  (i) =>
    `__cf_bm=${token(i, 43)}-17961${10_000 + i}-1.0.1.1-${token(i, 86)}; path=/; expires=${date(i, 1_800)}; domain=.${host(i)}; HttpOnly; Secure; SameSite=None`,
  (i) =>
    `__cf_bm=${token(i, 86)}; path=/; expires=${hyphened(date(i, 1_800))}; domain=.example-${i % 23}.com; HttpOnly; Secure; SameSite=None; Partitioned`,
  (i) => `AWSALB=${token(i, 120)}; Expires=${date(i, 7 * day)}; Path=/`,
  (i) => `AWSALBCORS=${token(i, 120)}; Expires=${date(i, 7 * day)}; Path=/; SameSite=None; Secure`,
  (i) =>
    `NID=${500 + (i % 20)}=${token(i, 170)}; expires=${date(i, 182 * day)}; path=/; domain=.search-${i % 9}.example; HttpOnly`,
  (i) =>
    `AEC=${token(i, 72)}; expires=${date(i, 180 * day)}; path=/; domain=.search-${i % 9}.example; Secure; HttpOnly; SameSite=lax`,
  (i) =>
    `visitor_id=${uuid(i)}; Max-Age=${400 * day - i}; Domain=${host(i)}; Path=/; Secure; SameSite=None; Partitioned`,
  (i) => `lang=${['en', 'de', 'fr', 'pt-BR'][i % 4]}; Max-Age=${365 * day - i}; Path=/`,
  (i) => `theme=${i % 2 ? 'dark' : 'light'}; path=/; max-age=${31_536_000 - i}; samesite=strict`,
  (i) => `__Host-session=${token(i, 43)}; Path=/; Max-Age=${30 * day - i}; HttpOnly; Secure; SameSite=Lax`,
  (i) =>
    `__Secure-authjs.session-token=eyJhbGciOiJkaXIi${token(i, 420)}..${token(i, 16)}.${token(i, 300)}.${token(i, 43)}; Path=/; Expires=${date(i, 30 * day)}; HttpOnly; Secure; SameSite=Lax`,
  (i) =>
    `cookie_consent=%7B%22necessary%22%3Atrue%2C%22statistics%22%3A${i % 2 === 0}%2C%22id%22%3A%22${uuid(i)}%22%7D; Path=/; Expires=${date(i, 180 * day)}; SameSite=Lax`,
  (i) =>
    `remember_me=; Path=/; Domain=.example-${i % 23}.com; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly`,
  (i) =>
    `cart=${token(i, 22)}; Path=/checkout/${i % 13}; Max-Age=${hour + i}; Secure; HttpOnly; SameSite=Strict; Priority=High`,
];

/** A text as it comes from a socket: one piece, of octets. */
const received = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

/** 200 Set-Cookie lines of {@link setCookieShapes}, 20 to 1,000 octets long. */
export const setCookieLines: string[] = linesOf(0);

/** {@link setCookieLines}, and behind them the same cookies with other values: what a set of them updates. */
export const setCookieGenerations: string[][] = Array.from({ length: 8 }, (_, at) => linesOf(at));

function linesOf(of: number): string[] {
  generation = of;
  const lines = Array.from({ length: 200 }, (_, i) =>
    received((setCookieShapes[i % setCookieShapes.length] as Shape)(i)),
  );
  generation = 0;
  return lines;
}

const pairShapes: Shape[] = [
  (i) => `_ga=GA1.1.${1_000_000_000 + i}.17961${10_000 + i}`,
  (i) =>
    `_ga_${token(i, 10).toUpperCase()}=GS2.1.s17961${10_000 + i}$o${i % 9}$g1$t17961${20_000 + i}$j60$l0$h0`,
  (i) => `_fbp=fb.1.17961${10_000 + i}000.${100_000_000 + i}`,
  (i) =>
    `OptanonConsent=isGpcEnabled=0&datestamp=Sun+Nov+29+2026&version=202${i % 9}01.1.0&consentId=${uuid(i)}&groups=C0001%3A1%2CC0002%3A${i % 2}`,
  (i) => `intercom-id-${token(i, 8)}=${uuid(i)}`,
  (i) => `ajs_anonymous_id=%22${uuid(i)}%22`,
];

/** 200 Cookie headers, 1 to 14 cookies each: what some of the lines set, and what scripts of the page add. */
export const cookieHeaders: string[] = Array.from({ length: 200 }, (_, i) =>
  received(Array.from({ length: 1 + ((i * 5) % 14) }, (_, at) => pair(i, at)).join('; ')),
);

function pair(header: number, at: number): string {
  const seed = header * 16 + at;
  if (at % 3 === 2) return (pairShapes[seed % pairShapes.length] as Shape)(seed);
  const [first = ''] = (setCookieShapes[(header + at * 7) % setCookieShapes.length] as Shape)(seed).split(
    ';',
  );
  return first;
}

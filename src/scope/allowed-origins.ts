import { ignore } from '../errors/ignore.ts';
import { isPromised } from '../time/is-promised.ts';
import { isLoopback } from './origin.ts';
import { type CompiledScope, compileScope, covers } from './scope.ts';
import { lastLabelOnly, type SuffixList } from './site.ts';

/**
 * An origin as browsers write it, `https://app.example.com`; one of an app, `capacitor://localhost`; every host below one,
 * `https://*.example.com`, written as scopes are; or a function that answers at once.
 */
export type AllowedOrigin = string | ((origin: string) => boolean);

/** Origins made ready to be asked often. */
export interface AllowedOrigins {
  readonly isEmpty: boolean;
  /** Those that are written out. */
  readonly exact: ReadonlySet<string>;
  /** @throws TypeError for a function that does not answer at once */
  includes(origin: string): boolean;
}

/**
 * Reads a list of origins.
 * @param where the option, for messages
 * @throws TypeError for what could never match, or would match everybody
 */
export function allowedOrigins(origins: readonly AllowedOrigin[], where: string): AllowedOrigins {
  if (!Array.isArray(origins)) throw new TypeError(`${where} is a list: ['https://app.example.com'].`);
  const exact = new Set<string>();
  const patterns: string[] = [];
  const functions: ((origin: string) => unknown)[] = [];
  for (const origin of origins) {
    if (typeof origin === 'function') functions.push(origin);
    else if (typeof origin !== 'string')
      throw new TypeError(`${where}: an origin is a string or a function.`);
    else if (origin.includes('*')) patterns.push(checkPattern(origin, where));
    else exact.add(checkExact(origin, where));
  }
  const scope = compileScope(patterns, ownMachine);

  return {
    isEmpty: origins.length === 0,
    exact,
    includes(origin) {
      if (exact.has(origin)) return true;
      if (patterns.length + functions.length === 0) return false;
      const url = URL.parse(origin);
      const isWeb = url !== null && url.origin === origin;
      if (isWeb && covers(scope, url)) return true;
      return (isWeb || appOrigin.test(origin)) && functions.some((allows) => isTrue(allows(origin), where));
    },
  };
}

/** An origin that anybody on the way can speak for: of plain http, and not this machine's own. */
export function isPlainOrigin(origin: string): boolean {
  return origin.startsWith('http:') && !isLoopback(URL.parse(origin)?.hostname ?? '');
}

/** What apps and extensions call themselves. Any other scheme is more likely a slip of the pen. */
const appSchemes = [
  ...['app', 'capacitor', 'ionic', 'tauri', 'vscode-webview'],
  ...['chrome-extension', 'moz-extension', 'safari-web-extension'],
];
const appOrigin = /^[a-z][a-z\d+.-]*:\/\/[^/?#@\\\s,*]+$/;

function checkExact(origin: string, where: string): string {
  if (origin === 'null') {
    throw new TypeError(
      `${where} must not hold 'null': any sandboxed frame sends it. List the origins themselves.`,
    );
  }
  const [, scheme = '', rest = ''] = /^([a-z][a-z\d+.-]*):\/*([^/?#\\\s]*)/i.exec(origin) ?? [];
  const url = URL.parse(origin);
  if (appSchemes.includes(scheme) && rest !== '') {
    const written = `${scheme}://${rest}`;
    if (written === origin && appOrigin.test(origin)) return origin;
    throw noOrigin(origin, where, `write it as '${written}'`);
  }
  if (url?.origin === origin && /^https?:/.test(origin)) return origin;
  if (url !== null && url.origin === 'null' && appOrigin.test(origin)) {
    throw noOrigin(
      origin,
      where,
      `pages of the web have https://; an app’s own scheme is meant as a function, origin => origin === '${origin}'`,
    );
  }
  const isOfTheWeb = /^(?:https?|wss?):$/.test(url?.protocol ?? '');
  const written = isOfTheWeb
    ? `${url?.protocol.startsWith('http') ? url.protocol : 'https:'}//${url?.host}`
    : undefined;
  const bare = /^[\w.-]+\.[a-z]+(?::\d+)?$/i.test(origin) ? `https://${origin.toLowerCase()}` : undefined;
  throw noOrigin(origin, where, `write it as '${written ?? bare ?? 'https://app.example.com'}'`);
}

/** As for scopes, but tenants of a developer's own machine are nobody else's. */
const ownMachine: SuffixList = {
  registrableDomain: (host) => (isLoopback(host) ? host : lastLabelOnly.registrableDomain(host)),
};

function checkPattern(origin: string, where: string): string {
  const [, scheme, host = ''] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(origin) ?? [];
  if (origin === '*' || host === '*') {
    if (scheme !== undefined && !/^https?$/i.test(scheme)) {
      throw noOrigin(origin, where, 'list an exact one, as the browser sends it, or give a function');
    }
    throw new TypeError(
      `${where}: ${JSON.stringify(origin)} would be everybody. List the origins, or give a function.`,
    );
  }
  const top = /^\*\.([^.:]+)(?::[\d*]+)?$/.exec(host)?.[1];
  if (top !== undefined && !isLoopback(top)) {
    throw new TypeError(
      `${where}: ${JSON.stringify(origin)} would be everybody below ${top}. Name a domain that is yours, as 'https://*.example.com'.`,
    );
  }
  const written = readPattern(origin)?.text;
  if (written === origin) return origin;
  throw noOrigin(origin, where, `write it as '${written ?? 'https://*.example.com'}'`);
}

function readPattern(origin: string): CompiledScope | undefined {
  try {
    return compileScope(origin, ownMachine);
  } catch {
    return undefined;
  }
}

const noOrigin = (origin: string, where: string, fix: string) =>
  new TypeError(`${where}: ${JSON.stringify(origin)} is no origin; ${fix}.`);

/** What a function of the options answered. @throws TypeError for a promise */
export function isTrue(answer: unknown, where: string): boolean {
  if (isPromised(answer)) {
    Promise.resolve(answer).catch(ignore);
    throw new TypeError(`${where}: a function has to answer at once, with true or false; it gave a promise.`);
  }
  return answer === true;
}

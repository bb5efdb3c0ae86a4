import { percentDecoded } from '../../scope/http-syntax.ts';

/** What a name ends with, or is, when its value is a secret by custom: RFC 6749, RFC 6750, SAML, signed URLs, servlets. */
const secretEndings = new Set(
  'token secret password passwd pwd passphrase signature jwt assertion credential apikey accesskey secretkey privatekey sessionid jsessionid phpsessid sid'.split(
    ' ',
  ),
);
const secretNames = new Set(
  'key code sig session auth authorization otp ticket samlresponse samlart wresult'.split(' '),
);

/**
 * True for a parameter whose value is not shown: one whose name, cut into words at `-`, `_`, `.` and capitals, ends with a word (or two)
 * that stands for a secret, or is one such word by itself.
 */
function looksSecret(name: string): boolean {
  const words = name.split(/[-_.]+|(?<=[a-z\d])(?=[A-Z])/).map((word) => word.toLowerCase());
  const last = words.at(-1) ?? '';
  if (secretEndings.has(last) || secretEndings.has(words.slice(-2).join(''))) return true;
  return words.length === 1 && secretNames.has(last);
}

/** What of a URL is requested. */
export function withoutFragment({ href }: URL): string {
  const at = href.indexOf('#');
  return at === -1 ? href : href.slice(0, at);
}

/** A URL as people may see it: without userinfo, and without the values of parameters that usually hold secrets. */
export function shownUrl(url: URL): string {
  const path = url.pathname.includes(';')
    ? url.pathname.replace(/;([^;/=]*)=([^;/]+)/g, (part, name) => (looksSecret(name) ? `;${name}=…` : part))
    : url.pathname;
  const search = url.search === '' ? '' : `?${shownParameters(url.search.slice(1))}`;
  const hash = url.hash === '' ? '' : `#${shownParameters(url.hash.slice(1))}`;
  return `${url.origin}${path}${search}${hash}`;
}

function shownParameters(text: string): string {
  if (!text.includes('=')) return text;
  const shown = (part: string, name: string) => (looksSecret(percentDecoded(name)) ? `${name}=…` : part);
  return text
    .split('&')
    .map((part) => part.replace(/^([^=]*)=.+$/s, shown))
    .join('&');
}

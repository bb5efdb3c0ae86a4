/** Names of query parameters whose values are secrets by custom: RFC 6749, RFC 6750, signed URLs. */
const secretParameter =
  /^(?:(?:.*[-_.])?(?:token|secret|password|passwd|pwd|signature|api[-_]?key)|key|code|sig|sid|session|auth|assertion)$/i;

/** What of a URL is requested. */
export function withoutFragment({ href }: URL): string {
  const at = href.indexOf('#');
  return at === -1 ? href : href.slice(0, at);
}

/** A URL as people may see it: without userinfo, and without the values of parameters that usually hold secrets. */
export function shownUrl(url: URL): string {
  const search = url.search === '' ? '' : `?${shownParameters(url.search.slice(1))}`;
  const hash = url.hash === '' ? '' : `#${shownParameters(url.hash.slice(1))}`;
  return `${url.origin}${url.pathname}${search}${hash}`;
}

function shownParameters(text: string): string {
  if (!text.includes('=')) return text;
  const shown = (part: string, name: string) => (secretParameter.test(name) ? `${name}=…` : part);
  return text
    .split('&')
    .map((part) => part.replace(/^([^=]*)=.+$/s, shown))
    .join('&');
}

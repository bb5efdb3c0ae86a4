/** A browser, as far as one cookie goes: each Set-Cookie that arrives replaces it or clears it, however late it is. */
export class Visitor {
  cookie: string;

  constructor(cookie: string) {
    this.cookie = cookie;
  }

  receive(lines: readonly string[]): void {
    for (const line of lines) this.cookie = cookieOf(line);
  }
}

/** What a browser sends after this Set-Cookie line: `''` when the line clears the cookie. */
export function cookieOf(line: string): string {
  return line.includes('Max-Age=0') ? '' : (line.split(';')[0] ?? '');
}

/** The selector in a cookie: it names the row. */
export function selectorOf(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1).split('.')[0] ?? '';
}

/** A browser, as far as tests of cookies need one. */
export interface CookieBrowser {
  /** A page with cookies of its own. */
  visit(): Promise<CookieVisit>;
  close(): Promise<void>;
}

export interface CookieVisit {
  goto(url: string): Promise<void>;
  /** The value of a JavaScript expression in the present page. */
  evaluate(expression: string): Promise<string>;
  /** Clicks on an element, and waits for the page at `url`. */
  click(selector: string, url: string): Promise<void>;
  /** The value of a cookie that the browser would send to the present page, HttpOnly ones too. */
  cookie(name: string): Promise<string | undefined>;
  /** How many cookies the browser holds for this visit. */
  stored(): Promise<number>;
  close(): Promise<void>;
}

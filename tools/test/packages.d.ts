/** What the tests of `hallpass/adopt` use of packages that come without types. */
declare module 'cookie-session' {
  import type { RequestHandler } from 'express';
  export default function cookieSession(options: { keys: string[] }): RequestHandler;
}

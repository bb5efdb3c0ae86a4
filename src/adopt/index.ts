export { type CookieSessionOptions, fromCookieSession } from './from-cookie-session.ts';
export {
  type ExpressSessionOptions,
  type ExpressSessionStore,
  fromExpressSession,
} from './from-express-session.ts';
export { fromIronSession, type IronSessionOptions } from './from-iron-session.ts';
export { fromNextAuth, type NextAuthOptions } from './from-next-auth.ts';
export type { AdoptOptions } from './take-over.ts';

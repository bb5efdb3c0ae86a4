export { type CookieSessionOptions, fromCookieSession } from './from-cookie-session.ts';
export {
  type ExpressSessionOptions,
  type ExpressSessionStore,
  fromExpressSession,
} from './from-express-session.ts';
export { fromIronSession, type IronSessionOptions } from './from-iron-session.ts';
export { fromLucia, type LuciaOptions } from './from-lucia.ts';
export { fromNextAuth, type NextAuthOptions } from './from-next-auth.ts';
export { fromSecureSession, type SecureSessionOptions, type Sodium } from './from-secure-session.ts';
export type { AdoptOptions } from './take-over.ts';

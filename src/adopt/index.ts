export { type FromCookieSessionOptions, fromCookieSession } from './from-cookie-session.ts';
export {
  type ExpressSessionStore,
  type FromExpressSessionOptions,
  fromExpressSession,
} from './from-express-session.ts';
export { type FromIronSessionOptions, fromIronSession } from './from-iron-session.ts';
export { type FromLuciaOptions, fromLucia } from './from-lucia.ts';
export { type FromNextAuthOptions, fromNextAuth } from './from-next-auth.ts';
export { type FromSecureSessionOptions, fromSecureSession, type Sodium } from './from-secure-session.ts';
export type { AdoptOptions } from './take-over.ts';

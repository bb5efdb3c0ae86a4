export { type Defined, defineCookie } from './cookie/define.ts';
export { type CookiePair, cookieHeaderOf, parseCookieHeader, readCookie } from './cookie/header.ts';
export { cookieHeaderWarnings } from './cookie/header-warnings.ts';
export {
  type Journey,
  type JourneyName,
  type JourneyOptions,
  journeyNames,
  journeys,
} from './cookie/journeys.ts';
export { type LintContext, lintDefinition, lintSetCookie } from './cookie/lint.ts';
export {
  type LintExchangesOptions,
  type LintedCookie,
  type LintedExchange,
  lintExchanges,
} from './cookie/lint-exchanges.ts';
export { CookieParameterError, type ParameterProblem } from './cookie/parameter-error.ts';
export type { RecordedExchange, RecordedHeader } from './cookie/recorded/exchange.ts';
export {
  type Recording,
  type RecordingKind,
  readExchanges,
} from './cookie/recorded/read-exchanges.ts';
export type { RequestSource, ResponseTarget } from './cookie/request-source.ts';
export { parseSetCookie, type SetCookieInit, serializeSetCookie } from './cookie/set-cookie.ts';
export type {
  AsyncCookieDefinition,
  Codec,
  CookieAttributeOptions,
  CookieAttributes,
  CookieDefinition,
  CookieFormat,
  CookieInput,
  CookieOptions,
  CookieOutput,
  CookieOverrides,
  FormerCookie,
  PrefixRules,
} from './cookie/types.ts';
export { type ErrorCode, HallpassError, HttpError } from './errors.ts';
export { admit } from './scope/admit.ts';
export type { AllowedOrigin } from './scope/allowed-origins.ts';
export type { CookieFacts, SameSite, SetCookie, StoredCookie } from './scope/cookie-facts.ts';
export { type Engine, type EngineName, type EngineRules, engines } from './scope/engines.ts';
export { type HonorPolicy, honor, type IncomingFacts } from './scope/honor.ts';
export type { HopFacts, HopView, Initiator } from './scope/hop.ts';
export type { LintCode, LintFinding, LintFindingCode, LintLevel } from './scope/lint-finding.ts';
export { type ReasonCode, reasons } from './scope/reasons.ts';
export { type CredentialFacts, release, type Secret } from './scope/release.ts';
export { anywhere, type NarrowScope, type Scope } from './scope/scope.ts';
export type { SuffixList } from './scope/site.ts';
export type { Reason, Verdict } from './scope/verdict.ts';
export type { Clock, Duration } from './time.ts';

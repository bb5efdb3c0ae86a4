// What both entry points of the client give, `hallpass/client` and `hallpass/client/slim`, besides their own `createClient`.
export type { ErrorCode } from '../errors.ts';
export type { HopView, Initiator } from '../scope/hop.ts';
export type { LintFinding } from '../scope/lint-finding.ts';
export type { ReasonCode } from '../scope/reasons.ts';
export { anywhere, type NarrowScope, type Scope } from '../scope/scope.ts';
export type { Reason, Verdict } from '../scope/verdict.ts';
export type { Clock, Duration } from '../time.ts';
export type { CallInput, Client } from './client.ts';
export { bearer } from './credentials/bearer.ts';
export {
  type Attachment,
  apiKey,
  basic,
  type Credential,
  type CredentialSpec,
  credential,
  type RequestToSign,
  type RequestView,
  type SecretKind,
  type Signature,
} from './credentials/credential.ts';
export { digest } from './credentials/digest.ts';
export {
  type NetrcCredentials,
  type NetrcOptions,
  netrc,
  type UnreadNetrc,
} from './credentials/netrc.ts';
export type { Timeout } from './deadline/timeout.ts';
export {
  BodyLimitError,
  CallError,
  CredentialError,
  EmptyBodyError,
  HttpStatusError,
  IntegrityError,
  InvalidBodyError,
  NetworkError,
  RedirectError,
  TimeoutError,
  type TimeoutPhase,
} from './errors.ts';
export type { HookRequest, Hooks, RedirectHook, RequestHook, ResponseHook } from './hooks.ts';
export type { ClientOptions, RedirectOptions } from './options.ts';
export { isPublicAddress } from './public-address.ts';
export type { CallInit } from './request/call-init.ts';
export type { ResponsePromise } from './response-promise.ts';
export type { RetryPolicy } from './retry.ts';
export { traceChannel } from './trace/publish-trace.ts';
export type {
  Har,
  HarCookie,
  HarEntry,
  HarPair,
  Trace,
  TraceHop,
  TraceSecret,
  TraceSetCookie,
} from './trace/types.ts';
export type { BodyLimits } from './transport/body-limits.ts';
export { fetchTransport } from './transport/fetch.ts';
export { traceOf } from './transport/response.ts';
export type { Transport, TransportRequest } from './transport/transport.ts';

export type { ErrorCode } from '../errors.ts';
export type { HopView, Initiator } from '../scope/hop.ts';
export type { LintFinding } from '../scope/lint-finding.ts';
export type { ReasonCode } from '../scope/reasons.ts';
export { anywhere, type Scope } from '../scope/scope.ts';
export type { Reason, Verdict } from '../scope/verdict.ts';
export type { Clock, Duration } from '../time.ts';
export type { BodyLimits } from './body-limits.ts';
export type { CallInit } from './call-init.ts';
export { type CallInput, type Client, createClient, type JsonInit } from './client.ts';
export {
  type Attachment,
  apiKey,
  basic,
  bearer,
  type Credential,
  credential,
  type RequestView,
  type SecretKind,
} from './credential.ts';
export type { Timeout } from './deadline.ts';
export { digest } from './digest.ts';
export {
  BodyLimitError,
  CallError,
  CredentialError,
  EmptyBodyError,
  HttpStatusError,
  InvalidBodyError,
  NetworkError,
  RedirectError,
  TimeoutError,
  type TimeoutPhase,
} from './errors.ts';
export type { Har, HarCookie, HarEntry, HarPair } from './har.ts';
export type { HookRequest, Hooks, RedirectHook, RequestHook, ResponseHook } from './hooks.ts';
export { type NetrcOptions, netrc } from './netrc.ts';
export type { ClientOptions, RedirectOptions } from './options.ts';
export { traceChannel } from './publish-trace.ts';
export { traceOf } from './response.ts';
export type { RetryPolicy } from './retry.ts';
export type { Trace, TraceHop, TraceSecret, TraceSetCookie } from './trace.ts';
export { fetchTransport, type Transport, type TransportRequest } from './transport.ts';

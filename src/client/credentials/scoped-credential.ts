import type { CompiledScope } from '../../scope/scope.ts';
import { CredentialError } from '../errors.ts';
import type { HeaderPair } from '../request/headers.ts';
import { redactError } from '../trace/redact-error.ts';
import type { SentSecrets } from '../trace/redaction.ts';
import type { Trace } from '../trace/types.ts';
import { type Credential, fixed } from './credential.ts';

/** A credential with its scope read, as a call knows it. */
export interface ScopedCredential {
  readonly credential: Credential;
  readonly scope: CompiledScope;
  /** True for what the caller wrote for one call: once the chain has left its scope, it does not come back. */
  readonly oneCall: boolean;
  /** True for what `credentials: 'omit'` leaves out. */
  readonly ambient: boolean;
  /** Where it comes from, for the sentence that says what came first. */
  readonly source: string;
}

/** A header that was lifted out of a template. */
export function scopedHeader(
  [name, value]: HeaderPair,
  scope: CompiledScope,
  source: string,
): ScopedCredential {
  const credential = fixed('header', name, undefined, { headers: { [name]: value } }, 'header');
  return { credential, scope, oneCall: true, ambient: false, source };
}

/** The userinfo that was lifted out of a start URL: in the order of precedence only a netrc comes after it. */
export function userinfoCredential(value: string, scope: CompiledScope): ScopedCredential {
  const attachment = { headers: { authorization: value } };
  const credential = fixed('userinfo', 'authorization', undefined, attachment, 'header');
  return { credential, scope, oneCall: true, ambient: true, source: 'the user in the URL' };
}

/** The error for a credential whose own function failed. What that was shown of other secrets is not in its cause. */
export const credentialFailed = (
  { name }: Credential,
  cause: unknown,
  { trace, sentSecrets }: { readonly trace: Trace; readonly sentSecrets: SentSecrets },
): CredentialError =>
  new CredentialError('credential-failed', `The credential ${name} failed while it was asked.`, trace, {
    cause: redactError(cause, sentSecrets),
  });

import { looksSensitive } from '../cookie/lint-name.ts';
import { isIdempotentMethod } from '../scope/http-semantics.ts';
import { finding, type LintFinding } from '../scope/lint-finding.ts';
import { isLoopback } from '../scope/origin.ts';
import { anywhere } from '../scope/scope.ts';
import type { ScopedCredential } from './credentials/scoped-credential.ts';
import type { Settings } from './options.ts';
import { isCredential } from './request/headers.ts';

/** A call that may take longer than this is as good as one without a timeout: an hour, in milliseconds. */
const tooLong = 3_600_000;

/** True for a header that is a credential, or sounds like one. */
const isSecret = (name: string) => isCredential(name) || looksSensitive(name);

/** What in a client's options will be regretted. Holds names and origins, never a value. */
export function auditSettings(settings: Settings): LintFinding[] {
  return [
    ...auditHeaders(settings),
    ...[...settings.credentials, ...settings.netrc].flatMap(auditScope),
    ...auditPolicies(settings),
  ];
}

function auditHeaders({ headers, baseUrl, crossOriginHeaders }: Settings): LintFinding[] {
  const findings = headers.scoped
    .map(({ pair: [name], scope }) => ({ name, scope }))
    .filter(({ name }) => isSecret(name))
    .map(({ name, scope }) =>
      scope === undefined
        ? finding('header-without-scope', { name })
        : finding('credential-in-header', { name, origin: scope.text }),
    );
  const { cookie } = headers;
  if (cookie !== undefined) {
    findings.push(
      cookie.scope === undefined
        ? finding('cookie-without-host', {})
        : finding('credential-in-header', { name: 'cookie', origin: cookie.scope.text }),
    );
  }
  for (const name of crossOriginHeaders) {
    if (isSecret(name)) findings.push(finding('secret-listed', { name }));
  }
  if (baseUrl !== undefined && baseUrl.username + baseUrl.password !== '')
    findings.push(finding('user-in-base-url', {}));
  return findings;
}

function auditScope({ credential: { name, kind }, scope: { patterns } }: ScopedCredential): LintFinding[] {
  if (patterns === anywhere) return [finding('scope-anywhere', { name, kind })];
  return patterns
    .filter(({ scheme, host }) => scheme === 'http:' && !isLoopback(host))
    .map(({ text }) => finding('scope-plain-http', { name, kind, scope: text }));
}

function auditPolicies({ redirect, timeout, retryMethods }: Settings): LintFinding[] {
  const findings = retryMethods
    .filter((method) => !isIdempotentMethod(method))
    .map((name) => finding('retry-not-idempotent', { name }));
  if (redirect.crossOriginBody) findings.push(finding('body-anywhere', {}));
  if (timeout.total > tooLong) findings.push(finding('timeout-too-long', { time: inMinutes(timeout.total) }));
  return findings;
}

const inMinutes = (ms: number) =>
  ms === Number.POSITIVE_INFINITY ? 'for ever' : `${Math.round(ms / 60_000)} minutes`;

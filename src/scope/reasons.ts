import { frozen } from '../errors/frozen.ts';

/**
 * Every reason that a verdict can give, with its sentence and its source: a closed set.
 * `{name}` in a sentence stands for a fact of that name. No fact is ever a secret's value.
 * `docs/reasons.md` is generated from this table.
 */
const table = {
  // ── admit: may this response plant this cookie? ──
  'cookie-control-character': {
    sentence: 'The Set-Cookie line holds a control character, so it is ignored whole.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'cookie-empty': {
    sentence: 'The Set-Cookie line has neither a name nor a value, so it is ignored whole.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'cookie-name-empty': {
    sentence: 'The Set-Cookie line begins with =, and this engine keeps no cookie of an empty name from it.',
    source: 'hallpass',
  },
  'cookie-too-large': {
    sentence:
      'Name and value of {name} are {octets} octets together; over {limit} a cookie is ignored whole.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.6',
  },
  'domain-not-ascii': {
    sentence: 'The Domain attribute of {name} is not ASCII; write its A-label (xn--…).',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'domain-public-suffix': {
    sentence: '{domain} is a public suffix: a cookie for it would reach every site below it.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'domain-foreign': {
    sentence: '{host} may not set a cookie for {domain}: a host reaches only itself and its parents.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'secure-from-insecure': {
    sentence: '{name} is Secure but came over plain http from {host}.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'overlays-secure': {
    sentence: 'A Secure cookie named {name} exists; plain http may not shadow it.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'http-only-from-script': {
    sentence: '{name} is HttpOnly, or would replace an HttpOnly cookie, and scripts may not do that.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'same-site-from-cross-site': {
    sentence:
      '{name} has SameSite={sameSite} but came in a cross-site answer that was no top-level navigation.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'third-party-cookie': {
    sentence:
      '{name} came in an answer from {host} to a page of another host, and this engine keeps none of those.',
    source: 'hallpass',
  },
  'none-without-secure': {
    sentence: '{name} has SameSite=None without Secure; add Secure.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'partitioned-without-secure': {
    sentence: '{name} is Partitioned without Secure; add Secure.',
    source: 'draft-cutler-httpbis-partitioned-cookies-01 §2.1',
  },
  'prefix-secure': {
    sentence: '{name} starts with __Secure-, so it must be Secure.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'prefix-host': {
    sentence: '{name} starts with __Host-, so it must be Secure, say Path=/ and have no Domain.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },
  'prefix-http': {
    sentence: '{name} starts with __Http-, so it must be Secure, HttpOnly and set over HTTP.',
    source: 'draft-ietf-httpbis-layered-cookies-02 §4.1.3',
  },
  'prefix-host-http': {
    sentence:
      '{name} starts with __Host-Http-, so it must be Secure, HttpOnly, say Path=/ and have no Domain.',
    source: 'draft-ietf-httpbis-layered-cookies-02 §4.1.3',
  },
  'nameless-prefix': {
    sentence:
      'A cookie without a name has a value that looks like a prefixed name, which would deceive the server.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7',
  },

  // ── jar.add: may a cookie that was kept elsewhere come in? ──
  'saved-cookie-impossible': {
    sentence:
      'The {part} of {name} is none that a Set-Cookie line could have given, so the file is not believed.',
    source: 'hallpass',
  },

  // ── admit: warnings ──
  'lifetime-capped': {
    sentence: '{name} asks for more than 400 days; it is kept for 400.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.5',
  },

  // ── definitions: why does a cookie read as its default? ──
  'cookie-missing': { sentence: 'No cookie named {name} came with the request.', source: 'hallpass' },
  'cookie-invalid': {
    sentence: 'The value of {name} does not fit its definition, so it reads as missing.',
    source: 'hallpass',
  },

  'comma-joined-cookie': {
    sentence:
      'The value of {name} looks like several cookies joined by commas; it was kept whole, as only a semicolon divides cookies.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §4.2.1',
  },

  // ── release: may this cookie travel on this request? ──
  'cookie-expired': { sentence: '{name} has expired.', source: 'draft-ietf-httpbis-rfc6265bis-22 §5.7' },
  'other-host': {
    sentence: '{name} belongs to {scope}; this request goes to {host}.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'other-path': {
    sentence: '{name} is for {path} and what lies below it; this request goes elsewhere.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'needs-https': {
    sentence: '{name} is Secure; this request goes over plain http.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'hidden-from-script': {
    sentence: '{name} is HttpOnly; scripts do not see it.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'same-site-strict': {
    sentence: '{name} is SameSite=Strict; this request was started by another site.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'same-site-lax': {
    sentence:
      '{name} is SameSite={sameSite}; another site started this request, and it is not a top-level navigation by a safe method.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },
  'other-partition': {
    sentence: '{name} is Partitioned to {partition}; this request belongs to another partition.',
    source: 'draft-cutler-httpbis-partitioned-cookies-01 §2.2',
  },

  // ── release: may this credential, header or body travel on this request? ──
  'scope-other-host': {
    sentence: '{name} is for {scope}; this request goes to {origin}.',
    source: 'RFC 9110 §15.4',
  },
  'scope-other-port': {
    sentence: '{name} is for {scope}; this request goes to another port, {origin}.',
    source: 'RFC 9110 §4.3.1',
  },
  'scope-downgrade': {
    sentence: '{name} is for {scope}; this request falls back to plain http at {origin}.',
    source: 'RFC 9110 §4.2.2',
  },
  'scope-other-scheme': {
    sentence: '{name} is for {scope}; this request uses another scheme, {origin}.',
    source: 'RFC 9110 §4.3.1',
  },
  'scope-other-path': {
    sentence: '{name} is for {scope}; this request goes to another path of that origin.',
    source: 'hallpass',
  },
  'scope-ambiguous-path': {
    sentence:
      '{name} is for {scope}; the path of this request holds //, ..; or escapes of /, \\, dots or controls, which servers read differently.',
    source: 'RFC 3986 §6.2.2',
  },
  'scope-other-method': {
    sentence: '{name} is for {scope}; this request is a {method}.',
    source: 'hallpass',
  },
  'left-origin': {
    sentence:
      '{name} was given for one call to {scope}; the chain left that origin, and it does not come back.',
    source: 'RFC 9110 §15.4',
  },
  'explicit-wins': {
    sentence: '{name} was already given by {winner}, which comes first.',
    source: 'hallpass',
  },
  'nothing-attached': {
    sentence: '{name} may go to {origin}, and had nothing to attach: it may wait for the server to ask.',
    source: 'RFC 9110 §11.4',
  },
  'credentials-omitted': {
    sentence:
      "The request was made without credentials (credentials: 'omit', or what fetch does across origins by default).",
    source: 'Fetch §2.2.5',
  },
  'proxy-only': {
    sentence: '{name} is for a proxy and is never sent to an origin server.',
    source: 'RFC 9110 §11.7.2',
  },
  'header-not-listed': {
    sentence: 'The header {name} is not on the list of headers that may travel to another origin.',
    source: 'RFC 9110 §15.4',
  },
  'body-crosses-origin': {
    sentence:
      'A {status} would send the body to another origin, {origin}; allow it with redirect.crossOriginBody.',
    source: 'hallpass',
  },

  // ── client: what a redirect changes about the next request ──
  'post-becomes-get': {
    sentence: 'A {status} turns POST into GET; the body and its Content-* headers stay behind.',
    source: 'RFC 9110 §15.4',
  },
  'see-other-becomes-get': {
    sentence: 'A 303 points to the result, which is fetched with GET; {method} and its body stay behind.',
    source: 'RFC 9110 §15.4.4',
  },
  'location-user-dropped': {
    sentence:
      'The Location names a user or a password; a server does not choose the credentials of a client, so they were dropped.',
    source: 'RFC 9110 §4.2.4',
  },

  // ── honor: may this incoming request spend an ambient secret? ──
  'csrf-cross-site': {
    sentence:
      'The request comes from {origin} (Sec-Fetch-Site: {site}), which is not in origins: add it there if its pages are yours.',
    source: 'Fetch Metadata §2.4',
  },
  'csrf-repeated': {
    sentence: 'Sec-Fetch-Site was sent more than once or is none of its four values.',
    source: 'Fetch Metadata §2.4',
  },
  'csrf-foreign-origin': {
    sentence:
      'The request comes from {origin}, which is not in origins: add it there if its pages are yours.',
    source: 'Fetch §3.2',
  },
  'csrf-origins-unset': {
    sentence:
      'The request comes from {origin}, and this server does not know its own pages: list them, as origins: ["https://app.example.com"].',
    source: 'hallpass',
  },
  'csrf-plain-origin': {
    sentence:
      'The request came over https from {origin}, a page of plain http: anybody on the way could have written it.',
    source: 'hallpass',
  },
  'csrf-opaque-origin': {
    sentence: 'The Origin header is null and no valid token came with the request.',
    source: 'Fetch §3.2',
  },
  'csrf-token-missing': {
    sentence:
      'Neither Sec-Fetch-Site nor Origin came, and no valid token did; this server asks such clients for one.',
    source: 'hallpass',
  },

  // ── CORS: why does a browser not send what it asked for by a preflight? ──
  'cors-origin': {
    sentence: 'The origin {origin} is not among cors.origins, so its pages may read no answer.',
    source: 'Fetch §3.3.5',
  },
  'cors-method': {
    sentence: 'The method {method} is not among cors.methods.',
    source: 'Fetch §3.3.5',
  },
  'cors-header': {
    sentence: 'The request header {header} is not among cors.allowHeaders.',
    source: 'Fetch §3.3.5',
  },

  // ── sessions: why is this visitor anonymous? ──
  'session-no-cookie': { sentence: 'No session cookie came with the request.', source: 'hallpass' },
  'session-malformed': {
    sentence: 'The session cookie is not of the form that this server issues.',
    source: 'hallpass',
  },
  'session-unknown': {
    sentence: 'The session is unknown, or ended so long ago that it was forgotten.',
    source: 'hallpass',
  },
  'session-wrong-verifier': {
    sentence: 'The session exists, but this cookie is not its present one.',
    source: 'hallpass',
  },
  'session-expired': { sentence: 'The session has expired.', source: 'hallpass' },
  'session-revoked': {
    sentence: 'The session was ended by a logout, a login or from outside.',
    source: 'hallpass',
  },
  'session-broken-seal': {
    sentence: 'The session cookie was changed, cut, or sealed for another name or by another server.',
    source: 'hallpass',
  },
  'session-unknown-key': {
    sentence: 'The key that sealed the session cookie is not on the ring, or is revoked.',
    source: 'hallpass',
  },
  'session-from-future': {
    sentence: 'The session cookie says that it was issued more than 60 seconds from now.',
    source: 'hallpass',
  },
  'session-not-adopted': {
    sentence: 'The cookie {name} of another session library was not taken over: {why}.',
    source: 'hallpass',
  },
  'session-store-away': { sentence: 'The session store did not answer.', source: 'hallpass' },
  'duplicate-cookie': {
    sentence: 'Several cookies named {name} came; the first was used, as the most specific one.',
    source: 'draft-ietf-httpbis-rfc6265bis-22 §5.8.3',
  },

  // ── tokens: why does this token speak for nobody? ──
  'token-missing': {
    sentence: 'Neither an Authorization header with a Bearer token nor an access cookie came.',
    source: 'RFC 6750 §3',
  },
  'token-malformed': { sentence: 'The access token is no signed JWT.', source: 'RFC 7519 §7.2' },
  'token-wrong-algorithm': {
    sentence: 'The access token names an algorithm that its key is not for.',
    source: 'RFC 8725 §3.1',
  },
  'token-unknown-key': {
    sentence: 'The access token names no key of this server, or a revoked one.',
    source: 'RFC 7515 §4.1.4',
  },
  'token-broken-signature': {
    sentence: 'The access token was changed, or signed by somebody else.',
    source: 'RFC 7515 §5.2',
  },
  'token-wrong-claim': {
    sentence: 'The access token has no {claim} that this server accepts.',
    source: 'RFC 9068 §4',
  },
  'token-not-yet-valid': {
    sentence: 'The access token says that it was issued, or begins, more than 60 seconds from now.',
    source: 'RFC 7519 §4.1.5',
  },
  'token-expired': { sentence: 'The access token has expired.', source: 'RFC 7519 §4.1.4' },
  'token-revoked': {
    sentence: 'The access token, or the sign-in that it descends from, has been ended.',
    source: 'hallpass',
  },
  'refresh-missing': { sentence: 'No refresh token came.', source: 'hallpass' },
  'refresh-malformed': {
    sentence: 'The refresh token is not of the form that this server issues.',
    source: 'hallpass',
  },
  'refresh-unknown': {
    sentence: 'The family of the refresh token is unknown, or ended so long ago that it was forgotten.',
    source: 'hallpass',
  },
  'refresh-expired': { sentence: 'The sign-in of the refresh token has expired.', source: 'hallpass' },
  'refresh-revoked': {
    sentence: 'The sign-in of the refresh token was ended by a sign-out, a replay or from outside.',
    source: 'hallpass',
  },
  'refresh-wrong-family': {
    sentence: 'The refresh token names a family that it does not come from.',
    source: 'hallpass',
  },
  'refresh-wrong-audience': {
    sentence: 'The refresh token belongs to a sign-in for another audience.',
    source: 'RFC 9700 §2.3',
  },
  'refresh-replayed': {
    sentence: 'The refresh token was used before: somebody has a copy, so its whole family was ended.',
    source: 'RFC 9700 §4.14.2',
  },
} as const;

/** The stable code of a reason. */
export type ReasonCode = keyof typeof table;

/**
 * What each reason says, and where it comes from.
 *
 * @example
 * ```ts
 * import { reasons } from 'hallpass';
 *
 * console.log(reasons['domain-public-suffix'].source); // → draft-ietf-httpbis-rfc6265bis-22 §5.7
 * ```
 */
export const reasons: Readonly<Record<ReasonCode, { readonly sentence: string; readonly source: string }>> =
  frozen(table);

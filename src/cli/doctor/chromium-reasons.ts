import type { ReasonCode } from '../../index.ts';

/**
 * Chromium's reasons against a cookie (Network.CookieBlockedReason and Network.SetCookieBlockedReason of its DevTools protocol), and
 * the codes of ours of which one says the same. The referee in conformance/ holds this table against what Chromium said.
 */
export const chromiumReasons: Readonly<Record<string, readonly (ReasonCode | 'third-party-blocked')[]>> = {
  // of Set-Cookie lines
  SyntaxError: ['cookie-control-character', 'cookie-empty'],
  DisallowedCharacter: ['cookie-control-character'],
  NoCookieContent: ['cookie-empty'],
  NameValuePairExceedsMaxSize: ['cookie-too-large'],
  InvalidDomain: ['domain-foreign', 'domain-public-suffix', 'domain-not-ascii'],
  // A prefix asks for https too, and `=__Host-a=1` has a flaw before that one.
  InvalidPrefix: [
    'prefix-host',
    'prefix-secure',
    'prefix-http',
    'prefix-host-http',
    'nameless-prefix',
    'secure-from-insecure',
    'cookie-name-empty',
  ],
  SameSiteNoneInsecure: ['none-without-secure'],
  // A line that says Secure itself is refused over http before that is asked.
  OverwriteSecure: ['overlays-secure', 'secure-from-insecure'],
  // of both
  SecureOnly: ['secure-from-insecure', 'needs-https'],
  SameSiteStrict: ['same-site-strict', 'same-site-from-cross-site'],
  SameSiteLax: ['same-site-lax', 'same-site-from-cross-site'],
  SameSiteUnspecifiedTreatedAsLax: ['same-site-lax', 'same-site-from-cross-site'],
  SchemefulSameSiteStrict: ['same-site-strict', 'same-site-from-cross-site'],
  SchemefulSameSiteLax: ['same-site-lax', 'same-site-from-cross-site'],
  SchemefulSameSiteUnspecifiedTreatedAsLax: ['same-site-lax', 'same-site-from-cross-site'],
  ThirdPartyPhaseout: ['third-party-blocked'],
  ThirdPartyBlockedInFirstPartySet: ['third-party-blocked'],
  UserPreferences: ['third-party-blocked'],
  // of cookies that are withheld
  DomainMismatch: ['other-host'],
  NotOnPath: ['other-path'],
};

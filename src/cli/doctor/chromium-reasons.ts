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

/** What to know of reasons that stand for no rule of cookies: they are of the browser itself, or of the way it was started. */
const browsersOwn: Readonly<Record<string, { readonly sentence: string; readonly fix: string }>> = {
  PortMismatch: {
    sentence: '{name} was set by another port of this host, and this browser keeps the ports apart.',
    fix: 'Set it at the port that is asked, or serve both from one port.',
  },
  SchemeMismatch: {
    sentence: '{name} was set over another scheme, and this browser keeps http and https apart.',
    fix: 'Serve the page and what sets the cookie over https.',
  },
  SchemeNotSupported: {
    sentence: '{name} comes by a scheme that has no cookies.',
    fix: 'Serve the page over http or https.',
  },
  AnonymousContext: {
    sentence: '{name} belongs to visitors, and this frame is one without any (credentialless).',
    fix: 'Take credentialless off the iframe if it needs its cookies.',
  },
  UnknownError: {
    sentence: 'Chromium did not take or send {name}, and does not say why.',
    fix: 'Look at the request in its developer tools, under Network, Cookies.',
  },
};

/** The same of any reason that the table above does not have, one of a Chromium yet to come too. */
export const ofItsOwn = (reason: string): { readonly sentence: string; readonly fix: string } =>
  browsersOwn[reason] ?? {
    sentence: 'Chromium has a reason of its own against {name}, which hallpass does not know.',
    fix: 'Look its word up in the DevTools protocol: Network.CookieBlockedReason, Network.SetCookieBlockedReason.',
  };

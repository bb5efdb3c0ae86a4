/** Something that an attacker may try, what is promised against it, and the tests that prove it, by their titles without numbers. */
export interface Threat {
  readonly tries: string;
  readonly holds: string;
  readonly proofs: readonly string[];
}

export interface Attacker {
  readonly who: string;
  readonly can: string;
  readonly threats: readonly Threat[];
}

const threat = (tries: string, holds: string, ...proofs: string[]): Threat => ({ tries, holds, proofs });

export const attackers: readonly Attacker[] = [
  {
    who: 'Another web site',
    can: 'It shows pages to a signed-in visitor: links, forms, frames, scripts of its own. It reads no answer and no cookie of ours.',
    threats: [
      threat(
        'Have the visitor’s browser change something',
        'Unsafe methods and upgrades are refused unless they come from a configured origin.',
        'a request that changes state is refused unless it comes from the application itself',
        'what a form of another site can send without a preflight changes nothing either',
        'a WebSocket upgrade',
      ),
      threat(
        'Pass for the own site: lookalike origins, `null`, repeated headers, a Host of its choice',
        'Origins are compared exactly with the configured ones, and never with the request.',
        'a foreign or lookalike origin is refused',
        'an Origin is compared with the configured one, never with the Host that came',
        'Origin: null is nobody: not the own page, not a program',
      ),
      threat(
        'Read answers by CORS',
        'Only listed origins read anything; `*` with credentials cannot be configured.',
        'origins are compared exactly with the listed ones',
        '* with credentials',
      ),
      threat(
        'Guess or replay a CSRF token',
        'A token is bound to one session and ends with it; it differs every time.',
        'a token belongs to one session, and outlives its rotation',
        'the token is another one every time, and all of them are good (BREACH)',
      ),
    ],
  },
  {
    who: 'A neighbour: another host of the same site',
    can: 'It sets cookies for the common domain, and its requests count as same-site.',
    threats: [
      threat(
        'Plant a session of its own, and wait for the victim to sign in (fixation)',
        'A sign-in gives a fresh verifier that cannot be derived from anything planted; session cookies are `__Host-`.',
        'a planted cookie: nothing that the attacker ever held opens the victim’s session',
        'a sibling can toss a cookie over a parent, never over __Host-',
      ),
      threat(
        'Toss a second cookie of the same name, or hide one behind a comma',
        'The first counts, `;` alone delimits, and both are events.',
        'of several cookies with one name the first wins, and there is an event',
        'a comma in a Cookie delimits nothing: no cookie can be planted behind it, and there is an event',
      ),
      threat(
        'Plant a cookie together with its CSRF token',
        'The token is bound to the session or to a `__Host-` nonce.',
        'a tossed cookie and its own token beat nobody',
      ),
    ],
  },
  {
    who: 'A server that the client is sent to',
    can: 'It answers requests of the client with whatever it likes: redirects, headers, bodies, or nothing.',
    threats: [
      threat(
        'Have a secret sent to itself by a redirect',
        'A secret travels within its scope, judged at every hop.',
        'no secret arrives outside its scope and none is missing inside, in any graph of redirects',
        'A→B→B: is not at B, however often',
        'does not fall from https to http of the same host',
      ),
      threat(
        'Have the body of a login sent to itself by a 307',
        'A body does not cross origins unless the caller says so.',
        'a body does not cross origins unless the caller says so: the 3xx is the answer, with its reason',
      ),
      threat(
        'Write a Location that two parsers read differently',
        'It is parsed once and judged as the URL that is connected to.',
        'with %s is judged as the URL that is connected to',
      ),
      threat(
        'Carry a secret away in the Location itself',
        'A Location out of scope that holds a secret of the call is not followed.',
        'a Location that gives a secret away',
      ),
      threat(
        'Plant cookies for other hosts, or for a whole public suffix',
        'The jar keeps what rfc6265bis lets a host set, by the Public Suffix List.',
        'a foreign domain',
        'judges a domain by the Public Suffix List',
      ),
      threat(
        'Never end: redirect for ever, drip, hang, blow a small answer up',
        'Redirects, times and sizes are bounded, by default or by `limits`.',
        'n redirects are n + 1 requests, and one more is too many',
        'is not outlived by a server that drips its body',
        'counts what a small answer blows up to',
      ),
      threat(
        'Have the client call an address inside the network',
        'With the address guard of `hallpass/client/undici`, which is off by default, names are judged after they were resolved, at every hop.',
        'an address is of the public internet',
        'a name, after it was resolved',
      ),
    ],
  },
  {
    who: 'Whoever copied a cookie or a token',
    can: 'It holds the text of a session cookie, an access token or a refresh token of somebody.',
    threats: [
      threat(
        'Use it after the visitor signed out',
        'A sign-out ends it for every copy, requests in flight included; of sealed sessions wherever the list of ended sessions is read.',
        'after a sign-out no copy of the cookie is good, nor a request that ends later',
        'ends every copy of the cookie, older ones too, and erases it',
        'a copy of the cookies is worth nothing after a sign-out',
      ),
      threat(
        'Keep it alive for ever by using it',
        'The absolute deadline is set at the sign-in, and nothing moves it.',
        'a session ends 12 hours after the sign-in, in spite of constant use and of renewed ids',
        'never outlives the sign-in, though every refresh gives a new token',
      ),
      threat(
        'Use a refresh token beside its owner',
        'A second use outside the grace ends the sign-in for both, and is an event.',
        'of a used token after the grace ends the family, for the thief and for the user',
      ),
      threat(
        'Change account settings with it',
        '`requireUser({ fresh })` asks for a recent sign-in, which a copy does not bring.',
        'what is sensitive asks for a recent sign-in, and a remembered visitor is not one',
      ),
    ],
  },
  {
    who: 'A visitor who forges',
    can: 'It sends any octets in any header, as often as it likes, and has a session of its own.',
    threats: [
      threat(
        'Guess a session',
        '128 bits to find it and 256 to prove it; a wrong guess changes nothing and tells nothing.',
        'a token has 128 random bits to find the session and 256 to prove it, and none comes twice',
        'are anonymous visitors: no exception, no write to a store, no Set-Cookie',
      ),
      threat(
        'Change what is sealed or signed, or use it for something else',
        'Seals are authenticated and bound to purpose and cookie name.',
        'is bound to the name of the cookie, and no other seal of the ring opens as a session',
        'a proof is good for its purpose and text alone',
      ),
      threat(
        'Choose the algorithm or the key of a token',
        'Both come from configuration.',
        'only the algorithm of the key is accepted: never none, in no spelling',
        'keys come from the configuration: jku, x5u, x5c and jwk of a token lead nowhere',
      ),
      threat(
        'Make a parser slow, or the server throw',
        'Parsers are linear, and no octets are a 500.',
        '%s takes twice the steps for twice the text',
        '… hostile texts never make a parser throw',
        'a control character in a Cookie is refused or read, and never an error of the server',
      ),
      threat(
        'End somebody else’s sessions by naming them',
        'Who knows a name and cannot prove it changes nothing.',
        'with a wrong family key is 401 and writes nothing: who knows a family’s name cannot end it',
        'a user sees the sign-ins and ends one of them, but nobody else’s',
      ),
      threat(
        'Claim another address or host by forwarded headers',
        'They are believed on connections of trusted proxies only.',
        'forwarded headers of a peer that is no trusted proxy are not believed',
      ),
      threat(
        'Add attributes or lines by what it writes into a cookie',
        'Values are encoded; a path, a domain or a value that would break out is refused.',
        'a value with a line break',
        'an attribute inside the path',
      ),
    ],
  },
  {
    who: 'Whoever reads the store, a backup or a log',
    can: 'It sees all rows, all log lines, all traces and metrics; it does not hold the keys.',
    threats: [
      threat(
        'Open a session with what a store holds',
        'It holds hashes.',
        'nothing that a store holds opens a session',
      ),
      threat(
        'Find secrets in logs, errors, traces or HAR files',
        'None of them holds the value of a secret.',
        'is in a trace, an error, its JSON or inspect, whatever the server sends back',
        'tells hops, cookies and secrets, and no value of one',
        'an event names a session by a hash under a key of this process, and holds no token',
        'no error holds what a session holds',
      ),
      threat(
        'Read the data of sealed sessions from their cookies',
        'They are encrypted.',
        'cannot be read without the key, and what is signed can',
        'keeps data and user in the cookie, which nobody can read',
      ),
    ],
  },
  {
    who: 'Time and the network',
    can: 'Requests overtake each other, answers get lost, stores go away, processes are killed.',
    threats: [
      threat(
        'Lose what a parallel request wrote, or bring an ended session back',
        'In no order of steps.',
        'in every order of their steps',
        'loses nothing that was acknowledged, and brings back nothing that was ended',
      ),
      threat(
        'Have a sign-in survive the end of the account',
        'The sign-in is refused.',
        'when an account is closed all its sessions end at once, and a sign-in that was under way is refused',
      ),
      threat(
        'Be let in, or signed out, because the store did not answer',
        'A 503, or an anonymous visitor whose cookie is kept; no write is ever said to be done.',
        'no write and no logout is ever said to be done',
        '‘anonymous’ goes on without a visitor, and keeps the cookie',
      ),
    ],
  },
  {
    who: 'The programmer, by mistake',
    can: 'It configures and calls the library.',
    threats: [
      threat(
        'Use a weak key, or one from a sample',
        'It is refused at the start.',
        'no session is sealed under the key %j',
        'says how to make a key, and never shows the one that it refuses',
      ),
      threat(
        'Define a sensitive cookie that scripts or plain http can see',
        'It cannot be defined.',
        'a sensitive cookie that scripts see',
        'a sensitive cookie over plain http',
      ),
      threat(
        'Give a credential too wide a scope, or none',
        'Public suffixes and missing scopes are refused; `anywhere` is reported.',
        'without any scope is a TypeError when the client is made',
        'goes everywhere only with the symbol anywhere',
      ),
      threat(
        'Cache an answer that belongs to one visitor',
        'It is private unless the handler chose.',
        'an answer that read or set a session is for nobody else, unless the handler chose',
      ),
      threat(
        'Leave the panel of developers in production, or in front of a proxy',
        'It cannot be made there and is not served there, and its address has a token that the console alone is told.',
        'is not made in production',
        'is gone, and takes nothing, as soon as the program is in production',
        'is not shown through a proxy of a few lines that asks for this machine and says nothing of itself',
        'is not shown without its token, and never says it but to the console',
      ),
    ],
  },
];

/** What nobody should count on. */
export const notPromised: readonly (readonly [what: string, why: string])[] = [
  [
    'A copied cookie is found out while its owner is signed in.',
    'It proves the same as the original. Bursts, many networks and replays are events; what follows from them is the application’s.',
  ],
  [
    'A script that runs in the page (XSS) is harmless.',
    'It cannot read HttpOnly cookies, and it can act as the visitor while the page is open.',
  ],
  [
    'A host of the same site is an enemy by default.',
    'Name it in no list, give the session a `__Host-` cookie, and it can plant and read nothing; links from it count as same-site.',
  ],
  [
    'The jar knows a public suffix from the day on that it is one.',
    'Its list is that of the release: [a newer one](client.md#a-newer-public-suffix-list) can be passed.',
  ],
  [
    'A thief who is as fast as the grace is found out at once.',
    'Parallel refreshes of an honest client look the same: [limits](tokens.md#limits).',
  ],
  ['A service that checks tokens by public keys alone learns of a sign-out.', 'Keep access tokens short.'],
  [
    'Sealed sessions have merged writes, fresh data and an end of older copies at a rotation; `sealed: keyRing(…)` alone has an end of copies in other processes, or after a restart.',
    'There is nothing on the server to compare with, but for a list of ended sessions that processes can share: [sealed sessions](sessions.md#without-a-store).',
  ],
  [
    'Whoever holds the keys, the process or the machine is kept out.',
    'Rotate keys after a theft: [keys](cli.md#keys).',
  ],
  [
    'Store and network are confidential.',
    'Use TLS to Redis and PostgreSQL; what the application puts into a session is there as it is.',
  ],
  [
    'Passwords are checked, and guesses slowed down by themselves.',
    'Sign-in begins here once somebody is known. Call `signInThrottle` before the password is looked at: [guessed passwords](sessions.md#guessed-passwords).',
  ],
  [
    'Whose password somebody goes on guessing gets in everywhere.',
    'The guesser takes each attempt that comes free. Count known browsers and sessions that stand apart: [guessed passwords](sessions.md#guessed-passwords).',
  ],
  [
    'Floods are kept off.',
    'Anonymous visitors cost no row and no write; a flood is the business of what stands in front.',
  ],
];

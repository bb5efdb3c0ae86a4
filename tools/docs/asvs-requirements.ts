/** A requirement of OWASP ASVS 5.0.0, in words of our own. */
export interface Requirement {
  readonly id: string;
  /** The lowest level that asks for it. */
  readonly level: 1 | 2 | 3;
  readonly asks: string;
  /** What is left to the application. Without a test of ours this says why there is none. */
  readonly yours?: string;
  /** How it is with sealed sessions, where a chapter has a column for them. Default: it holds for them too. */
  readonly sealed?: string;
}

export interface Chapter {
  readonly title: string;
  /** True: sealed sessions have a column of their own. */
  readonly sealed?: boolean;
  readonly requirements: readonly Requirement[];
}

const row = (id: string, level: 1 | 2 | 3, asks: string, yours?: string): Requirement => ({
  id,
  level,
  asks,
  ...(yours === undefined ? {} : { yours }),
});

/** What only a store can do. */
const stored = (id: string, level: 1 | 2 | 3, asks: string, sealed: string, yours?: string): Requirement => ({
  ...row(id, level, asks, yours),
  sealed,
});

/** What concerns a library for cookies, sessions and tokens. */
export const chapters: readonly Chapter[] = [
  {
    title: 'V3.3 Cookies',
    sealed: true,
    requirements: [
      row('3.3.1', 1, 'Cookies are Secure, and named `__Host-` or else `__Secure-`.'),
      row('3.3.2', 2, 'The SameSite of each cookie is set, as its purpose asks.'),
      row('3.3.3', 2, 'Cookies are named `__Host-`, unless they are meant to be shared with other hosts.'),
      row(
        '3.3.4',
        2,
        'A cookie that no script needs, a session’s above all, is HttpOnly, and its value travels in Set-Cookie alone.',
      ),
      row('3.3.5', 3, 'Name and value of a cookie are 4096 bytes at most.'),
    ],
  },
  {
    title: 'V3.4 and V3.5 Browsers and other origins',
    requirements: [
      row('3.4.2', 1, 'Access-Control-Allow-Origin is fixed, or checked against a list of trusted origins.'),
      row(
        '3.5.1',
        1,
        'Where no preflight protects a sensitive function, the request is shown to come from the application.',
      ),
      row('3.5.2', 1, 'Where a preflight protects it, it cannot be called by a request that needs none.'),
      row(
        '3.5.3',
        1,
        'Sensitive functions are called by POST, PUT, PATCH or DELETE, or checked by Sec-Fetch-*.',
      ),
      row('3.5.8', 3, 'What only signed-in users may load is not embedded by other sites.'),
    ],
  },
  {
    title: 'V7 Sessions',
    sealed: true,
    requirements: [
      row('7.1.1', 2, 'The idle time and the longest life of a session are documented.'),
      stored(
        '7.1.2',
        2,
        'How many sessions a user may have at once is documented, and what happens beyond.',
        'No: they are in no list that could be counted.',
      ),
      stored(
        '7.1.3',
        2,
        'How sessions here and at an identity provider end together is documented.',
        'No: there is no list to find one by the name of a provider.',
      ),
      row('7.2.1', 1, 'Tokens of sessions are verified on the server.'),
      row('7.2.2', 1, 'Tokens of sessions are made anew, never fixed keys.'),
      stored(
        '7.2.3',
        1,
        'A token that refers to a session is unique and has 128 random bits at least.',
        '128 random bits of id inside the seal.',
      ),
      row('7.2.4', 1, 'Signing in, and signing in again, makes a new token and ends the one before.'),
      row('7.3.1', 2, 'A session ends when it lay idle.'),
      row('7.3.2', 2, 'A session ends after its longest life.'),
      stored(
        '7.4.1',
        1,
        'A session that ended, by sign-out or expiry, cannot be used any more.',
        'Wherever the list of ended sessions is read.',
      ),
      stored(
        '7.4.2',
        1,
        'All sessions of a user end when the account is closed.',
        'No: one ends by its id, and all of a user cannot be found.',
      ),
      stored(
        '7.4.3',
        2,
        'After a changed password or factor the user can end all other sessions.',
        'No: the others cannot be found.',
      ),
      row(
        '7.4.4',
        2,
        'Every page for signed-in users shows how to sign out.',
        'Pages are the application’s.',
      ),
      stored(
        '7.4.5',
        2,
        'Administrators can end the sessions of a user, or of all users.',
        'No: one ends by its id, if the application kept it.',
      ),
      row(
        '7.5.1',
        2,
        'Changing what is sensitive about an account asks for a full sign-in first.',
        'Which changes those are.',
      ),
      stored(
        '7.5.2',
        2,
        'Users see their sessions and can end any of them.',
        'No: they are in no list.',
        'Ask for a recent sign-in first: requireUser({ fresh }).',
      ),
      row('7.5.3', 3, 'A highly sensitive act asks for another authentication.', 'Which acts those are.'),
      stored(
        '7.6.1',
        2,
        'Sessions here and at the identity provider live and end as documented.',
        'No, as 7.1.3.',
      ),
      row('7.6.2', 2, 'No session begins without the user’s doing.'),
    ],
  },
  {
    title: 'V9 Self-contained tokens',
    requirements: [
      row('9.1.1', 1, 'The signature is verified before anything in a token is believed.'),
      row('9.1.2', 1, 'Only algorithms of a list are accepted, never `none`, and no mix of families.'),
      row('9.1.3', 1, 'Keys come from configuration, never from the token.'),
      row('9.2.1', 1, 'A token is accepted only within its time.'),
      row('9.2.2', 2, 'A token is accepted only for its purpose.'),
      row('9.2.3', 2, 'A token is accepted only by its audience.'),
      row('9.2.4', 2, 'Where one key signs for several audiences, each token names its own.'),
    ],
  },
  {
    title: 'V10 OAuth and OIDC',
    requirements: [
      row('10.4.5', 1, 'Refresh tokens are rotated, and the reuse of one ends them all.'),
      row('10.4.8', 2, 'Refresh tokens end at a fixed time, however often they are renewed.'),
      row('10.4.9', 2, 'Users can revoke refresh tokens.'),
    ],
  },
  {
    title: 'V16 Logging and errors',
    requirements: [
      row('16.2.5', 2, 'Logs hold tokens of sessions only hashed, if at all.'),
      row(
        '16.3.1',
        2,
        'Authentications are logged, those that fail too.',
        'Wrong passwords: only the application sees them.',
      ),
      row('16.3.2', 2, 'Refused authorizations are logged.', 'Who may do what is the application’s.'),
      row('16.3.3', 2, 'Attempts to get round a security control are logged.'),
      row('16.3.4', 2, 'Unexpected errors and failures of security controls are logged.'),
    ],
  },
];

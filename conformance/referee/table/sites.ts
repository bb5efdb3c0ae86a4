import type { Act, Request, Sequence, Visit } from '../sequence.ts';
import { visitRow } from './line.ts';

const own = 'https://{a}/app/page';
const echo = 'https://{a}/app/echo';
const other = 'https://{b}/page';
const www = 'https://www.{a}/app/page';
const plain = 'http://{a}/app/page';

/** A cookie of every SameSite that there is. */
const all = [
  's=1; Path=/; Secure; SameSite=Strict',
  'l=1; Path=/; Secure; SameSite=Lax',
  'n=1; Path=/; Secure; SameSite=None',
  'u=1; Path=/; Secure',
  'p=1; Path=/; Secure; SameSite=None; Partitioned',
];
/** The same without Secure, for plain http. */
const allPlain = [
  's=1; Path=/; SameSite=Strict',
  'l=1; Path=/; SameSite=Lax',
  'n=1; Path=/; SameSite=None',
  'u=1; Path=/',
];

const planted: Visit = { visit: { url: own, set: all } };
const ask = (url: string, set?: readonly string[]): Act => ({ fetch: { url, ...(set && { set }) } });
const frame = (url: string, acts: readonly Act[] = [], set?: readonly string[]): Act => ({
  frame: { url, ...(set && { set }) },
  acts,
});
const at = (url: string, ...acts: Act[]): Visit => ({ visit: { url }, acts });
/** A request to the first URL that redirects through the others. */
const through = ([url, ...rest]: readonly [string, ...string[]]): Request =>
  rest.length === 0 ? { url } : { url, redirect: through(rest as [string, ...string[]]) };

/** Who asks for what, once the cookies are there. */
const sent: [string, Visit[]][] = [
  ['a page of its own', [at(own, ask(echo), { fetch: { url: echo }, post: true }, { image: { url: echo } })]],
  ['a page below', [at(www, ask(echo), { image: { url: echo } })]],
  [
    'a page of another site',
    [at(other, ask(echo), { fetch: { url: echo }, post: true }, { image: { url: echo } })],
  ],
  ['a link from a page below', [at(www), at(own)]],
  ['a form of a page below', [at(www), { visit: { url: own }, post: true }]],
  ['a link from another site', [at(other), at(own)]],
  ['a form of another site', [at(other), { visit: { url: own }, post: true }]],
  ['a frame on a page of its own', [at(own, frame(own, ['read', ask(echo)]))]],
  ['a frame on a page below', [at(www, frame(own, ['read', ask(echo)]))]],
  ['a frame on a page of another site', [at(other, frame(own, ['read', ask(echo)]))]],
  ['a frame of another site on its own page', [at(own, frame(other, [ask(echo)]))]],
  [
    'a frame of another site, and its own frame in it',
    [at(own, frame(other, [frame(own, ['read', ask(echo)])]))],
  ],
  ['a frame below, and its own frame in it', [at(own, frame(www, [frame(own, ['read', ask(echo)])]))]],
  ['two frames of another site deep', [at(own, frame(www, [frame(other, [ask(echo)])]))]],
  ['a page on plain http', [at(plain, ask(echo), { image: { url: echo } })]],
  ['a link from plain http', [at(plain), at(own)]],
  ['a form on plain http', [at(plain), { visit: { url: own }, post: true }]],
  ['a frame on a page on plain http', [at(plain, frame(own, ['read', ask(echo)]))]],
  ['a link through another site', [at(own), { visit: through([other, own]) }]],
  ['a link through a host below', [at(own), { visit: through([www, own]) }]],
  ['a link that goes out and comes back', [at(own), { visit: through([own, other, own]) }]],
  ['a link from another site through its own', [at(other), { visit: through([www, own]) }]],
  ['a form through another site', [at(own), { visit: through([other, own]), post: true }]],
  ['a fetch through another site', [at(own, { fetch: through([other, echo]) })]],
  ['a fetch that goes out and comes back', [at(own, { fetch: through([echo, other, echo]) })]],
  ['a fetch through a host below', [at(own, { fetch: through([www, echo]) })]],
  ['an image through another site', [at(own, { image: through([other, echo]) })]],
  ['a frame through another site', [at(own, { frame: through([other, own]), acts: ['read', ask(echo)] })]],
  ['a fetch of another site through its own', [at(other, { fetch: through([www, echo]) })]],
  ['the host below', [at(www, ask('https://www.{a}/app/echo'))]],
];

/** The same over plain http, where nothing is Secure. */
const sentPlain: [string, Visit[]][] = [
  ['a page of its own', [at(plain, ask('http://{a}/app/echo'))]],
  ['a page of another site', [at('http://{b}/page', ask('http://{a}/app/echo'))]],
  ['a link from another site', [at('http://{b}/page'), at(plain)]],
  ['a form of another site', [at('http://{b}/page'), { visit: { url: plain }, post: true }]],
  ['a frame on a page of another site', [at('http://{b}/page', frame(plain, ['read']))]],
  ['a page of its own on https', [at(own), at(plain)]],
  ['asks https', [at(plain, ask(echo))]],
];

const plant = [...all, 'a=1; Path=/; Secure; SameSite=None; HttpOnly'];

/** Who may plant cookies; a page of their own site tells which of them are there. */
const set: [string, Visit[]][] = [
  ['a fetch from a page of its own', [at(own, ask(echo, plant))]],
  ['a fetch from a page below', [at(www, ask(echo, plant))]],
  ['a fetch from another site', [at(other, ask(echo, plant), ask(echo))]],
  ['an image on another site', [at(other, { image: { url: echo, set: plant } }, ask(echo))]],
  ['a frame on another site', [at(other, frame(own, ['read', ask(echo)], plant))]],
  ['a frame of another site on its own page', [at(own, frame(other, [ask(echo, plant), ask(echo)]))]],
  [
    'its own frame in a frame of another site',
    [at(own, frame(other, [frame(own, ['read', ask(echo)], plant)]))],
  ],
  ['a fetch through another site', [at(own, { fetch: { url: other, redirect: { url: echo, set: plant } } })]],
  [
    'a redirect from its own site to another',
    [at(own, { fetch: { url: echo, set: plant, redirect: { url: other } } })],
  ],
  ['a link from another site', [at(other), { visit: { url: own, set: plant } }]],
  ['a form of another site', [at(other), { visit: { url: own, set: plant }, post: true }]],
  [
    'a link that redirects at once',
    [at(other), { visit: { url: own, set: plant, redirect: { url: other } } }],
  ],
  ['a fetch from plain http', [at(plain, ask(echo, plant))]],
];

const written: [string, Visit[]][] = [
  [
    'a script in a frame on another site',
    [at(other, frame(own, all.map((line) => ({ write: line })).concat() as Act[]))],
  ],
  [
    'a script in a frame on a page below',
    [
      at(
        www,
        frame(
          own,
          all.map((line): Act => ({ write: line })),
        ),
      ),
    ],
  ],
  [
    'a script in its own frame in a frame of another site',
    [at(own, frame(other, [frame(own, [...all.map((line): Act => ({ write: line })), 'read'])]))],
  ],
];

/** Values of SameSite, each asked from another site and from its own. */
const values = [
  'SameSite=Lax',
  'SameSite=lAx',
  'SameSite=Strict',
  'SameSite=None',
  'SameSite=None; Secure',
  'SameSite',
  'SameSite=',
  'SameSite=Bogus',
  'SameSite="Strict"',
  'SameSite= Strict ',
  'SameSite=Strict; SameSite=None; Secure',
  'SameSite=None; SameSite=Strict; Secure',
  'SameSite=Strict; SameSite=Bogus',
  'SameSite=Strict; SameSite',
  'Secure; SameSite=None; Partitioned',
  'SameSite=None; Partitioned',
  'Secure; Partitioned',
  'Secure; Partitioned=yes; SameSite=None',
  'Secure; SameSite=Strict; Partitioned',
];

/** Cookies that frames keep for the page around them. */
const partitions: [string, Visit[]][] = [
  [
    'a frame on two sites',
    [
      at(other, frame(own, ['read'], ['p=b; Path=/; Secure; SameSite=None; Partitioned'])),
      at('https://{g}/page', frame(own, ['read'])),
      at(other, frame(own, ['read'])),
      at(own, 'read'),
    ],
  ],
  [
    'beside one that is not',
    [
      at(
        other,
        frame(
          own,
          ['read', ask(echo)],
          ['p=1; Path=/; Secure; SameSite=None; Partitioned', 'p=2; Path=/; Secure; SameSite=None'],
        ),
      ),
      at(own, 'read'),
    ],
  ],
  [
    'a deletion in another partition',
    [
      at(other, frame(own, ['read'], ['p=b; Path=/; Secure; SameSite=None; Partitioned'])),
      { visit: { url: own, set: ['p=; Path=/; Secure; SameSite=None; Partitioned; Max-Age=0'] } },
      at(other, frame(own, ['read'])),
    ],
  ],
  [
    'its own page and its own frame in another',
    [
      at(own, frame(other, [frame(own, ['read'], ['p=x; Path=/; Secure; SameSite=None; Partitioned'])])),
      at(own, 'read'),
      at(own, frame(other, [frame(own, ['read'])])),
    ],
  ],
  [
    'a page on plain http around it',
    [
      at('http://{b}/page', frame(own, ['read'], ['p=h; Path=/; Secure; SameSite=None; Partitioned'])),
      at(other, frame(own, ['read'])),
    ],
  ],
];

/** SameSite, frames, redirects and partitions. */
export const siteRows: readonly Sequence[] = [
  ...sent.map(([title, visits]) => visitRow('cookies sent', title, [planted, ...visits])),
  ...sentPlain.map(([title, visits]) =>
    visitRow('cookies sent on plain http', title, [{ visit: { url: plain, set: allPlain } }, ...visits]),
  ),
  ...set.map(([title, visits]) => visitRow('cookies set', title, [...visits, at(own, 'read')])),
  ...written.map(([title, visits]) => visitRow('cookies written', title, [...visits, at(own, 'read')])),
  ...values.map((value) =>
    visitRow('SameSite', value, [
      { visit: { url: own, set: [`a=1; Path=/; ${value}`] }, acts: [ask(echo)] },
      at(other, ask(echo)),
      at(own),
    ]),
  ),
  ...partitions.map(([title, visits]) => visitRow('partitions', title, visits)),
];

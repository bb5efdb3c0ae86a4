import type { EngineName } from './engines/engine.ts';

/** What an engine does in these sequences that no rule of its profile says, and why that is left so. */
interface Explanation {
  readonly engine: EngineName;
  /** `group: title` of every sequence. */
  readonly sequences: readonly string[];
  readonly what: string;
}

/** Each of them has to occur: the referee fails on one that no longer does. */
export const explanations: readonly Explanation[] = [
  {
    engine: 'chromium',
    sequences: [
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT',
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT',
      'Expires: Thu, 01 Jan 2 00:00:00 GMT',
      'Expires: Thu, 01 Jan 199 00:00:00 GMT',
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT',
      'Expires: Thu, 01 Jan 1970 00:00:00GMT',
    ],
    what: 'Dates are read by a parser of its own: `000:00:00`, years of one and three digits and those before 1601 are dates, `1st` and `00:00:00GMT` are none.',
  },
  {
    engine: 'chromium',
    sequences: ['prefixes: __Host-a of an address that says itself'],
    what: 'A host that is an IP address may name itself as the Domain of a `__Host-` cookie.',
  },
  {
    engine: 'firefox',
    sequences: ['prefixes: __Host-a of an address that says itself'],
    what: 'A host that is an IP address may name itself as the Domain of a `__Host-` cookie.',
  },
  {
    engine: 'firefox',
    sequences: ['Max-Age: Max-Age=-', 'Max-Age: Max-Age=--1'],
    what: 'A Max-Age that begins with `-` deletes, whatever follows.',
  },
  {
    engine: 'firefox',
    sequences: [
      'Expires: Thu, 01 Jan 1970 00:00 GMT',
      'Expires: Thu, 01 Jan 1970 GMT',
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT',
      'Expires: Thu, 01 Jan 1970 24:00:00 GMT',
      'Expires: Thu, 01 Jan 1970 23:60:00 GMT',
      'Expires: Thu, 01 Jan 1970 23:59:60 GMT',
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT',
      'Expires: Thu, 00 Jan 1970 00:00:00 GMT',
      'Expires: Tue, 31 Feb 2012 00:00:00 GMT',
      'Expires: Thu, 31 Apr 2012 00:00:00 GMT',
      'Expires: Thu, 29 Feb 2011 00:00:00 GMT',
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT',
      'Expires: Thu/01/Jan/1970/00:00:00',
      'Expires: Thu, 01 Jan 1970 00.00.00 GMT',
      'Expires: 01/01/1970 00:00:00',
    ],
    what: 'Dates are read by PR_ParseTimeString: a time may be left out or be 24:00:00, days that a month has not roll over into the next one, and `1st` is no day.',
  },
  {
    engine: 'firefox',
    sequences: [
      'scripts: over HttpOnly: the same cookie',
      'order: a new value from a script',
      'random: 1/132',
      'random: 1/139',
    ],
    what: 'A page sees at once what it has written, in the order in which it wrote, though an HttpOnly or Secure cookie that it cannot see stays and the header keeps its order.',
  },
  {
    engine: 'webkit',
    sequences: [
      'Expires: 1970 Jan 01 00:00:00',
      'Expires: Jan 01 1970 00:00:00 GMT',
      'Expires: 00:00:00 01 Jan 1970',
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT',
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT',
      'Expires: Thu, 001 Jan 1970 00:00:00 GMT',
      'Expires: Thu, 01 January 1970 00:00:00 GMT',
      'Expires: Thu, 01 Janx 1970 00:00:00 GMT',
      'Expires: Thu, 01 Jan 2 00:00:00 GMT',
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT',
      'Expires: Thu, 01 Jan 0000 00:00:00 GMT',
      'Expires: Thu,01,Jan,1970,00:00:00,GMT',
      'Expires: Thu/01/Jan/1970/00:00:00',
      'Expires: "Thu, 01 Jan 1970 00:00:00 GMT"',
    ],
    what: 'Dates are read in the three forms of HTTP and no other order; numbers may have any length, and years before 1601 are dates.',
  },
  {
    engine: 'webkit',
    sequences: ['Domain: www. says {A}'],
    what: 'A Domain in capitals is the host itself, and no parent of it.',
  },
  {
    engine: 'webkit',
    sequences: [
      'Domain: an address: the tail of its address',
      'Domain: an address: the tail of its address with a dot',
    ],
    what: 'The end of an IP address, from one of its dots on, is taken for a Domain of it.',
  },
  {
    engine: 'webkit',
    sequences: [
      'SameSite: SameSite=Strict; SameSite=None; Secure',
      'SameSite: SameSite=Strict; SameSite=Bogus',
      'SameSite: SameSite=Strict; SameSite',
    ],
    what: 'A SameSite of None, or of nothing known, leaves the SameSite before it.',
  },
  {
    engine: 'webkit',
    sequences: ['scripts: over HttpOnly: a Domain'],
    what: 'An HttpOnly cookie guards its name and path against scripts, whatever Domain they write.',
  },
  {
    engine: 'webkit',
    sequences: ['random: 1/36', 'random: 1/113'],
    what: 'Pages keep a copy of `document.cookie`: it holds what a page has written though an HttpOnly cookie stays in its place, and what an HttpOnly cookie has replaced since.',
  },
];

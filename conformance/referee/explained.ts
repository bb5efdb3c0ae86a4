import type { EngineName } from './engines/engine.ts';

/** What an engine does in these sequences that no rule of its profile says, and why that is left so. */
interface Explanation {
  readonly engine: EngineName;
  /**
   * By `group: title` of every sequence, each difference that is explained: the number of the step, what is seen there and what the
   * profile says. Another difference of the same sequence is not explained by it.
   */
  readonly differences: Readonly<Record<string, readonly string[]>>;
  readonly what: string;
}

/** The second page and its script see that the cookie `a=2` of the first is gone, which by the profile is there. */
const gone = ['#1: "" instead of "a=2"', '#2: "" instead of "a=2"'];
/** The same the other way round. */
const stays = ['#1: "a=2" instead of ""', '#2: "a=2" instead of ""'];

/** Each of them has to occur: the referee fails on one that no longer does. */
export const explanations: readonly Explanation[] = [
  {
    engine: 'chromium',
    differences: {
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT': gone,
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT': stays,
      'Expires: Thu, 01 Jan 2 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 199 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1970 00:00:00GMT': stays,
    },
    what: 'Dates are read by a parser of its own: `000:00:00`, years of one and three digits and those before 1601 are dates, `1st` and `00:00:00GMT` are none.',
  },
  {
    engine: 'firefox',
    differences: {
      'Max-Age: Max-Age=-': gone,
      'Max-Age: Max-Age=--1': gone,
    },
    what: 'A Max-Age that begins with `-` deletes, whatever follows.',
  },
  {
    engine: 'firefox',
    differences: {
      'Expires: Thu, 01 Jan 1970 00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1970 GMT': gone,
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1970 24:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1970 23:60:00 GMT': gone,
      'Expires: Thu, 01 Jan 1970 23:59:60 GMT': gone,
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT': stays,
      'Expires: Thu, 00 Jan 1970 00:00:00 GMT': gone,
      'Expires: Tue, 31 Feb 2012 00:00:00 GMT': gone,
      'Expires: Thu, 31 Apr 2012 00:00:00 GMT': gone,
      'Expires: Thu, 29 Feb 2011 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT': gone,
      'Expires: Thu/01/Jan/1970/00:00:00': stays,
      'Expires: Thu, 01 Jan 1970 00.00.00 GMT': gone,
      'Expires: 01/01/1970 00:00:00': gone,
    },
    what: 'Dates are read by PR_ParseTimeString: a time may be left out or be 24:00:00, days that a month has not roll over into the next one, and `1st` is no day.',
  },
  {
    engine: 'firefox',
    differences: {
      'scripts: over HttpOnly: the same cookie': ['#2: "a=2" instead of ""'],
      'order: a new value from a script': ['#2: "b=1; a=2" instead of "a=2; b=1"'],
      'random: 1/132': ['#9: "b=2" instead of ""'],
      'random: 1/139': ['#13: "c=1" instead of ""'],
    },
    what: 'A page sees at once what it has written, in the order in which it wrote, though an HttpOnly or Secure cookie that it cannot see stays and the header keeps its order.',
  },
  {
    engine: 'webkit',
    differences: {
      'Expires: 1970 Jan 01 00:00:00': stays,
      'Expires: Jan 01 1970 00:00:00 GMT': stays,
      'Expires: 00:00:00 01 Jan 1970': stays,
      'Expires: Thu, 01 Jan 1970 000:00:00 GMT': gone,
      'Expires: Thu, 1st Jan 1970 00:00:00 GMT': stays,
      'Expires: Thu, 001 Jan 1970 00:00:00 GMT': gone,
      'Expires: Thu, 01 January 1970 00:00:00 GMT': stays,
      'Expires: Thu, 01 Janx 1970 00:00:00 GMT': stays,
      'Expires: Thu, 01 Jan 2 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 1600 00:00:00 GMT': gone,
      'Expires: Thu, 01 Jan 0000 00:00:00 GMT': stays,
      'Expires: Thu,01,Jan,1970,00:00:00,GMT': stays,
      'Expires: Thu/01/Jan/1970/00:00:00': stays,
      'Expires: "Thu, 01 Jan 1970 00:00:00 GMT"': stays,
    },
    what: 'Dates are read in the three forms of HTTP and no other order; numbers may have any length, and years before 1601 are dates.',
  },
  {
    engine: 'webkit',
    differences: {
      'Domain: www. says {A}': [
        '#1: "" instead of "a=1"',
        '#2: "" instead of "a=1"',
        '#3: "" instead of "a=1"',
        '#4: "" instead of "a=1"',
        '#5: "" instead of "a=1"',
      ],
    },
    what: 'A Domain in capitals is the host itself, and no parent of it.',
  },
  {
    engine: 'webkit',
    differences: {
      'Domain: an address: the tail of its address': ['#1: "a=1" instead of ""', '#2: "a=1" instead of ""'],
      'Domain: an address: the tail of its address with a dot': [
        '#1: "a=1" instead of ""',
        '#2: "a=1" instead of ""',
      ],
    },
    what: 'The end of an IP address, from one of its dots on, is taken for a Domain of it.',
  },
  {
    engine: 'webkit',
    differences: {
      'SameSite: SameSite=Strict; SameSite=None; Secure': [
        '#3: "" instead of "a=1"',
        '#4: "" instead of "a=1"',
      ],
      'SameSite: SameSite=Strict; SameSite=Bogus': ['#3: "" instead of "a=1"', '#4: "" instead of "a=1"'],
      'SameSite: SameSite=Strict; SameSite': ['#3: "" instead of "a=1"', '#4: "" instead of "a=1"'],
    },
    what: 'A SameSite of None, or of nothing known, leaves the SameSite before it.',
  },
  {
    engine: 'webkit',
    differences: {
      'scripts: over HttpOnly: a Domain': ['#2: "" instead of "a=2"', '#3: "a=1" instead of "a=2; a=1"'],
    },
    what: 'An HttpOnly cookie guards its name and path against scripts, whatever Domain they write.',
  },
  {
    engine: 'webkit',
    differences: {
      'random: 1/36': ['#30: "A=x y" instead of ""'],
      'random: 1/113': ['#26: "a=%41" instead of ""'],
    },
    what: 'Pages keep a copy of `document.cookie`: it holds what a page has written though an HttpOnly cookie stays in its place, and what an HttpOnly cookie has replaced since.',
  },
];

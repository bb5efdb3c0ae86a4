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
];

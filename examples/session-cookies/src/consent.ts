import type { ConsentPolicy } from 'hallpass/server';
import { consentCookie, visitorCookie } from './cookies.ts';

/** §10: the visitor's id is for statistics, and goes with the answer that takes the consent back. */
export const consent: ConsentPolicy<unknown[]> = {
  purposes: (read) => (read(consentCookie) === 'accepted' ? ['statistics'] : []),
  cookies: [visitorCookie],
};

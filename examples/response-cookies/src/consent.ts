import type { ConsentPolicy } from 'hallpass/server';
import { consentCookie, visitorCookie } from './cookies.ts';

/** The visitor's id is for statistics: set while the answer to the banner is yes, and gone with the first answer after that. */
export const consent: ConsentPolicy<unknown[]> = {
  purposes: (read) => (read(consentCookie) === 'accepted' ? ['statistics'] : []),
  cookies: [visitorCookie],
};

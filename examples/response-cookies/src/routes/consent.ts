import { Hono } from 'hono';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { consentCookie } from '../cookies.ts';
import type { SiteEnv } from '../site.ts';

/** Exercise 4: both answers are kept, and whoever takes theirs back is asked again and leaves nothing behind, as the policy of the app sees to. */
export function consentRoutes(): Hono<SiteEnv> {
  return new Hono<SiteEnv>().post('/consent', async (c) => {
    const choice = (await readFields(c)).get('choice');
    const { cookies } = c.var.hallpass;
    if (choice === 'accept') {
      cookies.set(consentCookie, 'accepted');
    } else if (choice === 'decline') {
      cookies.set(consentCookie, 'declined');
    } else if (choice === 'withdraw') {
      cookies.delete(consentCookie);
    } else {
      return fieldProblem(c, 'choice', 'the choice is accept, decline or withdraw');
    }
    return c.redirect('/', 303);
  });
}

import { HttpError } from 'hallpass';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Desk, DeskContext } from './env.ts';
import { messagePage } from './pages/message.ts';
import { ownCodes } from './refusals.ts';
import { render } from './render.ts';
import { signedIn } from './signed-in.ts';

/** True where a program asks, or the script of a page: it gets each error as JSON. */
const isForPrograms = (c: DeskContext) =>
  /^\/(api\/|passkeys(\/options)?$|sign-in\/passkey(\/|$))/.test(c.req.path);

function problem(c: DeskContext, status: ContentfulStatusCode, error: string, message: string) {
  return c.json({ error, message }, status);
}

/** 404 */
export async function notFound(c: DeskContext, desk: Desk) {
  if (isForPrograms(c)) return problem(c, 404, 'not-found', ownCodes['not-found']);
  const visitor = await signedIn(c, desk);
  const page = messagePage(404, 'Nothing here', 'The desk has no page at this address.', {
    code: 'not-found',
  });
  return render(c, 'Nothing here', page, { visitor, status: 404 });
}

/** 405, with what the address takes. */
export async function wrongMethod(c: DeskContext, desk: Desk, allowed: string[]) {
  const response = isForPrograms(c)
    ? problem(c, 405, 'method-not-allowed', `This address takes ${allowed.join(' or ')}.`)
    : await wrongMethodPage(c, desk, allowed);
  response.headers.set('allow', allowed.join(', '));
  return response;
}

async function wrongMethodPage(c: DeskContext, desk: Desk, allowed: string[]) {
  const visitor = await signedIn(c, desk);
  const hint = allowed.includes('POST')
    ? 'This address changes something, so it takes a form (POST), not a link. Use the button on the page.'
    : 'This address is for reading (GET).';
  const page = messagePage(405, 'Not that way', hint, { code: 'method-not-allowed' });
  return render(c, 'Not that way', page, { visitor, status: 405 });
}

/** 413 */
export function tooLarge(c: DeskContext) {
  if (isForPrograms(c)) return problem(c, 413, 'content-too-large', ownCodes['content-too-large']);
  const page = messagePage(413, 'Too long', 'No form of this desk takes that much. Nothing was saved.', {
    code: 'content-too-large',
  });
  return render(c, 'Too long', page, { status: 413 });
}

/** Says that it failed, and nothing of how. */
export async function failed(error: Error, c: DeskContext, desk: Desk) {
  const status = (error instanceof HttpError ? error.status : 500) as ContentfulStatusCode;
  if (status >= 500) console.error(error);
  const response = isForPrograms(c)
    ? problem(c, status, ...sayable(error))
    : await failurePage(error, c, desk, status);
  if (error instanceof HttpError) {
    for (const [name, value] of Object.entries(error.headers ?? {})) response.headers.set(name, value);
  }
  return response;
}

/** What a program may know: of an error that was meant for it, its sentence and its code. */
function sayable(error: Error): [code: string, message: string] {
  return error instanceof HttpError
    ? [error.code, error.message]
    : ['internal', 'The fault is at the desk. Try again in a moment.'];
}

/** Only who is slowed down is looked up: in a refused form nobody is believed, and of a fault the store may be the cause. */
async function failurePage(error: Error, c: DeskContext, desk: Desk, status: ContentfulStatusCode) {
  const visitor = status === 429 ? await signedIn(c, desk) : undefined;
  const retryAfter = error instanceof HttpError ? error.headers?.['retry-after'] : undefined;
  const { title, sentence } = failures(Number(retryAfter))[status] ?? {
    title: 'That did not work',
    sentence: 'The fault is at the desk. Try again in a moment.',
  };
  const link = status === 409 || (status === 429 && visitor === undefined) ? { link: signInLink } : {};
  const [code] = sayable(error);
  return render(c, title, messagePage(status, title, sentence, { code, ...link }), { visitor, status });
}

const signInLink = { href: '/sign-in', label: 'Sign in' };

/** What a refusal is called, and what to do now. @param retryAfter in seconds; NaN where the refusal does not say */
const failures = (retryAfter: number): Record<number, { title: string; sentence: string }> => ({
  403: {
    title: 'That came from elsewhere',
    sentence:
      'No page of this desk sent this form, so nothing was done. If you sent it, open its page again and repeat it.',
  },
  409: { title: 'Your session has ended', sentence: 'Nothing was saved. Sign in and try again.' },
  429: {
    title: 'Not so fast',
    sentence: `That was tried too often. Try again in ${minutes(retryAfter)}.`,
  },
});

function minutes(seconds: number): string {
  const count = Math.ceil(seconds / 60);
  if (!(count > 0)) return 'a few minutes';
  return count === 1 ? 'a minute' : `${count} minutes`;
}

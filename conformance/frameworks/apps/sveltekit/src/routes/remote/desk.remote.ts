import { command, form, getRequestEvent, query } from '$app/server';
import { theme } from '../../lib/server/pass';

export const shaky = query(async () => {
  throw new Error('shaky');
});

export const login = command(async () => {
  const session = await getRequestEvent().locals.hallpass.session();
  session.login('ada');
  await shaky().refresh();
});

export const boom = command(async () => {
  const { hallpass } = getRequestEvent().locals;
  const session = await hallpass.session();
  session.login('mallory');
  session.set('boomed', true);
  hallpass.cookies.set(theme, 'broken');
  throw new Error('boom');
});

export const membersOnly = command(async () => {
  const { hallpass } = getRequestEvent().locals;
  (await hallpass.session()).set('boomed', true);
  await hallpass.requireUser();
});

export const leave = form(async () => {
  (await getRequestEvent().locals.hallpass.session()).logout();
});

import type { Actions, ServerLoad } from '@sveltejs/kit';
import { theme } from '../../lib/server/pass';

export const load: ServerLoad = ({ locals }) => fail(locals);
export const actions: Actions = { default: ({ locals }) => fail(locals) };

async function fail({ hallpass }: App.Locals): Promise<never> {
  const session = await hallpass.session();
  session.login('mallory');
  session.set('boomed', true);
  hallpass.cookies.set(theme, 'broken');
  throw new Error('boom');
}

import type { Actions, ServerLoad } from '@sveltejs/kit';

export const load: ServerLoad = async ({ locals: { hallpass } }) => ({ user: await hallpass.requireUser() });

export const actions: Actions = {
  default: async ({ locals: { hallpass } }) => ({ user: await hallpass.requireUser() }),
};

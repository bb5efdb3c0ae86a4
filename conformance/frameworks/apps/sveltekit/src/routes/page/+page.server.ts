import type { ServerLoad } from '@sveltejs/kit';

export const load: ServerLoad = async ({ locals: { hallpass } }) => ({
  user: (await hallpass.user()) ?? 'nobody',
});

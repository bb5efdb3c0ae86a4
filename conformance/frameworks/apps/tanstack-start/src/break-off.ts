import { createServerFn } from '@tanstack/react-start';
import { theme } from './pass.server';

export const breakOff = createServerFn().handler(async ({ context: { hallpass } }): Promise<null> => {
  const session = await hallpass.session();
  session.login('mallory');
  session.set('boomed', true);
  hallpass.cookies.set(theme, 'broken');
  throw new Error('boom');
});

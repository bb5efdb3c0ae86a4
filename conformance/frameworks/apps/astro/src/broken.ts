import { theme } from './pass';

export async function breakOff({ hallpass }: App.Locals): Promise<never> {
  const session = await hallpass.session();
  session.login('mallory');
  session.set('boomed', true);
  hallpass.cookies.set(theme, 'broken');
  throw new Error('boom');
}

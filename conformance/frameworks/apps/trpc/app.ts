import { setTimeout } from 'node:timers/promises';
import { theme } from './pass.ts';
import { procedure, router } from './trpc.ts';

const userIn = (input: unknown) => input as { user: string };

export const app = router({
  me: procedure.query(async ({ ctx: { hallpass } }) => {
    const session = await hallpass.session();
    session.update('visits', (visits = 0) => visits + 1);
    return {
      user: session.user ?? null,
      visits: session.get('visits'),
      flash: session.flash('greeting') ?? null,
      boomed: session.get('boomed') ?? null,
    };
  }),
  login: procedure.input(userIn).mutation(async ({ ctx: { hallpass }, input }) => {
    const session = await hallpass.session();
    session.login(input.user);
    session.flash('greeting', 'welcome');
  }),
  logout: procedure.mutation(async ({ ctx: { hallpass } }) => (await hallpass.session()).logout()),
  private: procedure.query(async ({ ctx: { hallpass } }) => ({ user: await hallpass.requireUser() })),
  redirect: procedure.mutation(({ ctx: { hallpass } }) => hallpass.cookies.set(theme, 'dark')),
  boom: procedure.mutation(async ({ ctx: { hallpass } }) => {
    const session = await hallpass.session();
    session.login('mallory');
    session.set('boomed', true);
    hallpass.cookies.set(theme, 'broken');
    throw new Error('boom');
  }),
  sse: procedure.subscription(async function* ({ ctx: { hallpass } }) {
    const user = await hallpass.user();
    for (let sent = 1; sent <= 3; sent++) {
      yield `${user} ${sent}`;
      await setTimeout(100);
    }
  }),
  late: procedure.subscription(async function* () {
    yield 'begun';
    await setTimeout(100);
    throw new Error('late');
  }),
});

import { setTimeout } from 'node:timers/promises';
import { theme } from './pass.ts';
import { type Context, requireUser } from './visitor.ts';

export const typeDefs = `
  type Me { user: String, visits: Int, flash: String, boomed: Boolean }
  type Query { me: Me, private: Me }
  type Mutation { login(user: String!): Boolean, logout: Boolean, redirect: Boolean, boom: Boolean }
  type Subscription { sse: String }
`;

export const resolvers = {
  Query: {
    async me(_: unknown, _args: object, { hallpass }: Context) {
      const session = await hallpass.session();
      session.update('visits', (visits = 0) => visits + 1);
      return {
        user: session.user,
        visits: session.get('visits'),
        flash: session.flash('greeting'),
        boomed: session.get('boomed'),
      };
    },
    private: async (_: unknown, _args: object, context: Context) => ({ user: await requireUser(context) }),
  },
  Mutation: {
    async login(_: unknown, { user }: { user: string }, { hallpass }: Context) {
      const session = await hallpass.session();
      session.login(user);
      session.flash('greeting', 'welcome');
      return true;
    },
    async logout(_: unknown, _args: object, { hallpass }: Context) {
      (await hallpass.session()).logout();
      return true;
    },
    redirect(_: unknown, _args: object, { hallpass }: Context) {
      hallpass.cookies.set(theme, 'dark');
      return true;
    },
    async boom(_: unknown, _args: object, { hallpass }: Context) {
      const session = await hallpass.session();
      session.login('mallory');
      session.set('boomed', true);
      hallpass.cookies.set(theme, 'broken');
      throw new Error('boom');
    },
  },
};

export const subscriptions = {
  Subscription: {
    sse: {
      async *subscribe(_: unknown, _args: object, { hallpass }: Context) {
        const user = await hallpass.user();
        for (let sent = 1; sent <= 3; sent++) {
          yield { sse: `${user} ${sent}` };
          await setTimeout(100);
        }
      },
    },
  },
};

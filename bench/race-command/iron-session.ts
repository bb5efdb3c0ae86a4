import { getIronSession } from 'iron-session';
import { versionOf } from '../shared/peers.ts';
import { type App, formOf, plan, serve, shown } from './app.ts';

type Data = Record<string, string>;

/** iron-session: the session is in the cookie. */
export const ironSession: App = {
  name: versionOf('iron-session'),
  plan,
  async start() {
    const options = {
      password: 'a password of the test that is long enough',
      cookieName: 'session',
      cookieOptions: { secure: false },
    };
    return serve(async (request, response) => {
      const session = (await getIronSession<Data>(request, response, options)) as Data & {
        save(): Promise<void>;
        destroy(): void;
      };
      const form = await formOf(request);
      if (request.url === '/write') session[form.get('field') ?? ''] = form.get('value') ?? '';
      if (request.url === '/sign-in') session.user = form.get('user') ?? '';
      if (request.url === '/sign-out') session.destroy();
      else if (request.method === 'POST') await session.save();
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(shown((name) => session[name])));
    });
  },
};

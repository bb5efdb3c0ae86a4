import { hallpass } from 'hallpass/node';
import { createSessions } from 'hallpass/session';
import type { SessionStore } from 'hallpass/store';
import { type App, formOf, planWithRenewal, serve, shown } from './app.ts';

/** hallpass over a store. */
export function hallpassOver(name: string, open: () => Promise<SessionStore>): App {
  return {
    name: `hallpass, ${name}`,
    plan: planWithRenewal,
    async start() {
      const store = await open();
      // Orders are looked at, and not how soon a busy machine answers.
      const sessions = createSessions<Record<string, string>>({ store, storeTimeout: '20s' });
      const pass = hallpass({ sessions, csrf: false });
      const listener = pass(async (request, response) => {
        const session = await pass.session(request);
        const form = await formOf(request);
        if (request.url === '/write') session.set(form.get('field') ?? '', form.get('value') ?? '');
        if (request.url === '/sign-in') session.login(form.get('user') ?? '');
        if (request.url === '/renew') session.rotate();
        if (request.url === '/sign-out') session.logout();
        const read = (name: string) => (name === 'user' ? session.user : session.get(name));
        response.setHeader('content-type', 'application/json').end(JSON.stringify(shown(read)));
      });
      return serve(listener, () => store[Symbol.asyncDispose]?.());
    },
  };
}

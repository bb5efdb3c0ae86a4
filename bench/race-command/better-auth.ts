import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { versionOf } from '../shared/peers.ts';
import { type App, serve } from './app.ts';
import { textStore } from './text-store.ts';

const email = 'ada@example.com';
const password = 'a password of the test';

/** better-auth with its sessions in a secondary storage, as its guide has Redis. */
export const betterAuthApp: App = {
  name: versionOf('better-auth'),
  plan: {
    signIn: `POST /api/auth/sign-in/email {"email":"${email}","password":"${password}"}`,
    write: 'POST /api/auth/update-session {"{field}":"{value}"}',
    read: 'GET /api/auth/get-session',
    signOut: 'POST /api/auth/sign-out {}',
    signedIn: email,
  },
  async start() {
    const field = { type: 'string', required: false, input: true } as const;
    const texts = textStore();
    const auth = betterAuth({
      database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
      secret: 'a secret of the test that is long enough',
      baseURL: { allowedHosts: ['127.0.0.1:*'], protocol: 'http' },
      emailAndPassword: {
        enabled: true,
        // Nothing here is about the time that a password takes.
        password: { hash: async (text) => text, verify: async ({ hash, password }) => hash === password },
      },
      secondaryStorage: texts,
      session: { additionalFields: { a: field, b: field } },
      rateLimit: { enabled: false },
      telemetry: { enabled: false },
      logger: { disabled: true },
    });
    const running = await serve(toNodeHandler(auth));
    const body = JSON.stringify({ email, password, name: 'Ada' });
    const headers = { 'content-type': 'application/json', origin: running.url };
    const made = await fetch(`${running.url}/api/auth/sign-up/email`, { method: 'POST', headers, body });
    if (!made.ok) throw new Error(`The sign-up is answered ${made.status}: ${await made.text()}`);
    return running;
  },
};

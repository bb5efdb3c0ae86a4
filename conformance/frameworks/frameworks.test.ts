import { expect, it } from 'vitest';
import { apps } from './apps.ts';
import { checkTypes } from './check-types.ts';
import { NoNetwork } from './install.ts';
import { runApp } from './run-app.ts';

/** What is installed, built for production and checked in seconds. `npm run frameworks` drives every app; Next.js alone takes longer than a test run should. */
const quick = ['h3', 'koa', 'elysia', 'nest', 'workers', 'sveltekit', 'react-router'];

let away: string | undefined;

it.for(quick)(
  '%s: built for production, the app of the framework does all that the driver asks, and its types hold',
  { timeout: 180_000 },
  async (name, { skip }) => {
    skip(away !== undefined, away);
    const app = apps.find((one) => one.name === name);
    if (app === undefined) throw new Error(`there is no app ${name}`);
    const outcomes = await runApp(app).catch((error: unknown) => {
      if (!(error instanceof NoNetwork) || process.env.CI === 'true') throw error;
      away = error.message;
      return skip(away);
    });
    expect(outcomes.length).toBeGreaterThan(9);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
    checkTypes(app);
  },
);

import { expect, it } from 'vitest';
import { apps } from './apps.ts';
import { checkTypes } from './check-types.ts';
import { NoNetwork } from './install.ts';
import { runApp } from './run-app.ts';

/** What is installed, built for production and checked in every test run: some seconds each, Next.js half a minute. `npm run frameworks` drives every app. */
const everyTime = [
  'next',
  'nuxt',
  'sveltekit',
  'react-router',
  'astro',
  'nest',
  'koa',
  'elysia',
  'h3',
  'workers',
];

let away: string | undefined;

it.for(everyTime)(
  '%s: built for production, the app of the framework does all that the driver asks, and its types hold',
  { timeout: 300_000 },
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

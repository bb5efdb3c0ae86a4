import { expect, it } from 'vitest';
import { apps } from './apps.ts';
import { runApp } from './run-app.ts';

/** What is installed and built in seconds. `npm run frameworks` drives every app; Next.js alone takes longer than a test run should. */
const quick = ['h3', 'koa'];

it.for(quick)(
  '%s: the app of the framework does all that the driver asks',
  { timeout: 120_000 },
  async (name) => {
    const app = apps.find((one) => one.name === name);
    const outcomes = app === undefined ? [] : await runApp(app);
    expect(outcomes.length).toBeGreaterThan(9);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
  },
);

import { Hono } from 'hono';
import { fieldProblem, readFields } from '../../../shared/requests.ts';
import { preferencesCookie } from '../cookies.ts';
import { names, type Preferences, readers } from '../preferences.ts';
import type { SiteEnv } from '../site.ts';

/** §10 "Preference cookie". What is not sent stays as it was. */
export function preferenceRoutes(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();

  app.get('/preferences', (c) => c.json(c.var.hallpass.cookies.get(preferencesCookie)));

  app.post('/preferences', async (c) => {
    const fields = await readFields(c);
    const { cookies } = c.var.hallpass;
    const changed: Record<string, string> = {};
    for (const name of names) {
      const text = fields.get(name);
      if (text === '') continue;
      const value = readers[name](text);
      if (value === undefined) return fieldProblem(c, name, `this is no ${name} that we know`);
      changed[name] = value;
    }
    const preferences: Preferences = { ...cookies.get(preferencesCookie), ...changed };
    cookies.set(preferencesCookie, preferences);
    return c.json(preferences);
  });

  return app;
}

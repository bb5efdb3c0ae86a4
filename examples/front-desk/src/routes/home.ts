import { Hono } from 'hono';
import type { Desk, Env } from '../env.ts';
import { homePage } from '../pages/home.ts';
import { readingOf } from '../reading.ts';
import { render } from '../render.ts';
import { signedIn } from '../signed-in.ts';

export function homeRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>().get('/', async (c) => {
    const visitor = await signedIn(c, desk);
    const holder = visitor && { name: visitor.user.name, expiresAt: visitor.session.expiresAt };
    return render(c, 'Welcome', homePage(readingOf(c, desk), holder), { visitor });
  });
}

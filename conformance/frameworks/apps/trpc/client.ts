import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { createClient } from 'hallpass/client';
import { CookieJar } from 'hallpass/jar';
import type { app } from './app.ts';

/** A client of the app with a jar of its own: what is asked in one turn is one request, with the visitor's cookies. */
export function visit(origin: string) {
  const jar = new CookieJar({ secureOnLoopback: true }); // As browsers do on http://localhost.
  const client = createClient({ jar, headers: { origin } });
  const link = httpBatchLink({
    url: `${origin}/trpc`,
    fetch: (url, init) => client.fetch(url, init as RequestInit),
  });
  return createTRPCClient<typeof app>({ links: [link] });
}

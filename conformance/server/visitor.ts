import { parseSetCookie } from 'hallpass';
import { type App, type Host, makeApp, own } from './app.ts';

/** A running app and one visitor of it, who keeps cookies as a browser on its only page would. */
export interface Visit extends ReturnType<typeof makeApp> {
  readonly cookies: Map<string, string>;
  /** Sends `METHOD /path` from a page of the app itself, unless the headers say otherwise; an empty header is not sent. */
  send(what: string, headers?: Record<string, string>, body?: string): Promise<Response>;
  /** The same, with this Cookie header instead of the visitor's cookies. */
  sendWith(cookie: string, what: string, headers?: Record<string, string>, body?: string): Promise<Response>;
  /** The visitor's Cookie header. */
  cookie(): string;
}

/** Starts the app, lets `visit` happen and stops the app. */
export async function visiting(
  host: Host,
  visit: (visit: Visit) => Promise<void>,
  options?: Partial<App['options']>,
): Promise<void> {
  const made = makeApp(options);
  const running = await host(made.app);
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  const sendWith: Visit['sendWith'] = async (sent, what, headers = {}, body) => {
    const [method = 'GET', path = '/'] = what.split(' ');
    const all = Object.entries({ 'sec-fetch-site': 'same-origin', cookie: sent, ...headers });
    const present = all.filter((entry): entry is [string, string] => !!entry[1]);
    const response = await running.fetch(new Request(own + path, { method, headers: present, body }));
    for (const line of response.headers.getSetCookie()) {
      const set = parseSetCookie(line);
      if (set === undefined) continue;
      if (set.maxAge !== undefined && set.maxAge <= 0) cookies.delete(set.name);
      else cookies.set(set.name, set.value);
    }
    return response;
  };
  try {
    await visit({
      ...made,
      cookies,
      cookie,
      sendWith,
      send: (what, headers, body) => sendWith(cookie(), what, headers, body),
    });
  } finally {
    await running.close();
  }
}

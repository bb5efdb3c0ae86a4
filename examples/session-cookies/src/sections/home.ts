import { Hono } from 'hono';
import { html } from 'hono/html';
import { page } from '../../../shared/page.ts';
import { preferencesCookie } from '../cookies.ts';
import { names, type Preferences } from '../preferences.ts';
import type { SiteEnv } from '../site.ts';

const sections = [
  ['2', 'Setting cookies', ['GET /set-cookie', 'POST /login']],
  ['3', 'Reading cookies', ['GET /get-cookie', 'GET /profile']],
  ['4', 'Secure flags', ['POST /login', 'GET /whoami']],
  ['5', 'Sessions, sealed in the cookie', ['POST /login', 'GET /profile', 'POST /logout']],
  ['6', 'Expiration', ['POST /set-temporary-cookie', 'POST /set-persistent-cookie', 'POST /delete-cookie']],
  ['9', 'CORS', ['POST /login', 'GET /profile', 'POST /logout', 'GET /account', 'GET /fail']],
  ['10', 'Patterns', ['POST /login', 'GET /profile', 'GET /preferences', 'GET /tracking', 'GET /form']],
  ['11', 'Debugging', ['GET /debug/cookies']],
  ['12', 'Tokens', ['POST /login', 'GET /profile', 'POST /refresh', 'POST /logout']],
] as const;

/** The way to everything else. */
export function homeRoutes(): Hono<SiteEnv> {
  return new Hono<SiteEnv>().get('/', (c) => {
    const preferences = c.var.hallpass.cookies.get(preferencesCookie);
    const main = html`<p>Every route of the article. Its sections claim the same paths, so each stands below a prefix.</p>
      <table>
        ${sections.map(
          ([number, title, routes]) =>
            html`<tr><th>§${number} ${title}</th><td>${routes.map((route) => row(number, route))}</td></tr>`,
        )}
      </table>
      <h2>Try it</h2>
      <form method="post" action="/login"><label>Name <input name="username" required></label><button>Log in</button></form>
      <form method="post" action="/logout"><button>Log out</button></form>
      <h2>Preferences</h2>
      <form method="post" action="/preferences">
        ${names.map((name) => field(name, preferences))}
        <button>Keep them</button>
      </form>`;
    return c.html(page('Session cookies', main, { theme: preferences.theme }));
  });
}

function row(section: string, route: string) {
  const [method, path] = route.split(' ');
  const address = `/section-${section}${path}`;
  return method === 'GET'
    ? html`<div><a href="${address}"><code>${method} ${address}</code></a></div>`
    : html`<div><code>${method} ${address}</code></div>`;
}

function field(name: keyof Preferences, preferences: Preferences) {
  return html`<label>${name} <input name="${name}" value="${preferences[name]}"></label>`;
}

import { Hono } from 'hono';
import { html } from 'hono/html';
import { consentCookie, themeCookie } from '../cookies.ts';
import { render } from '../render.ts';
import type { SiteEnv } from '../site.ts';

const links = [
  ['/set-cookie', 'sets a cookie'],
  ['/set-advanced-cookie', 'sets one with attributes'],
  ['/read-cookie', 'reads it'],
  ['/update-cookie', 'changes its value and keeps its attributes'],
  ['/delete-cookie', 'deletes it'],
  ['/json-with-cookie', 'sets one on a response of the handler'],
  ['/set-cookie/redirect', 'sets one on a redirect'],
  ['/login-page', 'logs in and out'],
  ['/profile', 'knows who you are, or sends you to the form'],
  ['/last-visit', 'exercise: when you were last here'],
  ['/remember-me', 'exercise: a login that outlives the browser'],
] as const;

const withdrawal = html`<form method="post" action="/consent"><button name="choice" value="withdraw">Withdraw consent</button></form>`;

/** The way to everything else. */
export function homeRoutes(): Hono<SiteEnv> {
  return new Hono<SiteEnv>().get('/', (c) => {
    const { cookies } = c.var.hallpass;
    const theme = cookies.get(themeCookie);
    const other = theme === 'dark' ? 'light' : 'dark';
    const main = html`<p>Every route of the article, under its own path. Look at Set-Cookie in your browser's tools.</p>
      <ul>
        ${links.map(([path, what]) => html`<li><a href="${path}"><code>${path}</code></a> ${what}</li>`)}
      </ul>
      <form method="post" action="/theme"><button name="theme" value="${other}">Switch to ${other}</button></form>
      ${cookies.get(consentCookie) === 'accepted' && withdrawal}`;
    return render(c, 'Response cookies', main);
  });
}

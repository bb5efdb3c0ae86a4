import { html } from 'hono/html';
import { assetUrl } from '../assets.ts';
import { type Theme, themes } from '../cookies.ts';
import { consentBanner } from './consent-banner.ts';
import { type Csrf, postForm } from './form.ts';

export type Html = ReturnType<typeof html>;

/** What every page knows of its reader. */
export interface Reader {
  /** The path and the query of the page, which forms lead back to. */
  at: string;
  theme: Theme;
  /** True until the reader has answered what the desk may keep. */
  asksConsent: boolean;
  /** The name of the user, when one is signed in. */
  name: string | undefined;
  /** For the forms of this page. */
  csrf: Csrf;
  /** What the request before has done. */
  notice: string | undefined;
}

/** The frame of every page. */
export function layout(reader: Reader, title: string, main: Html): Html {
  return html`<!doctype html>
<html lang="en" data-theme="${reader.theme}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Front desk</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="${assetUrl('/style.css')}">
  </head>
  <body>
    <a class="skip" href="#main">Skip to the page</a>
    <header class="bar">
      <a class="brand" href="/"><img src="/favicon.svg" alt="" width="30" height="30">Front desk</a>
      <nav aria-label="Main">
        ${navLink(reader, '/trace', 'Trace')}
        ${navLink(reader, '/playground/', 'Playground')}
        ${navLink(reader, '/docs/', 'Docs')}
      </nav>
      <div class="way">${wayInOrOut(reader)}</div>
    </header>
    ${reader.name !== undefined && accountNav(reader)}
    ${reader.asksConsent && consentBanner(reader.csrf, reader.at)}
    <main id="main">
      ${reader.notice !== undefined && html`<p class="note good" role="status">${reader.notice}</p>`}
      ${main}
    </main>
    <footer class="foot">
      <p>Made with <strong>hallpass</strong>: cookies, sessions and credentials on both ends of HTTP.</p>
      <div class="row"><a href="/settings">Settings</a>${themeSwitch(reader)}</div>
    </footer>
  </body>
</html>`;
}

function wayInOrOut(reader: Reader): Html {
  if (reader.name === undefined) return navLink(reader, '/sign-in', 'Sign in');
  return postForm(reader.csrf, '/sign-out', html`<button class="button quiet compact">Sign out</button>`);
}

/** The pages of one's own. */
function accountNav(reader: Reader): Html {
  return html`<nav class="account" aria-label="Account">
      ${navLink(reader, '/profile', 'Profile')}
      ${navLink(reader, '/devices', 'Devices')}
      ${navLink(reader, '/security', 'Security')}
      ${navLink(reader, '/api', 'API')}
    </nav>`;
}

/** Marked on its own page, and on those below it. */
function navLink(reader: Reader, href: string, label: string): Html {
  const [path = ''] = reader.at.split('?');
  const isBelow = path.startsWith(href.endsWith('/') ? href : `${href}/`);
  const current = path === href ? 'page' : isBelow && 'true';
  return html`<a class="tab" href="${href}"${current && html` aria-current="${current}"`}>${label}</a>`;
}

function themeSwitch({ csrf, theme, at }: Reader): Html {
  const choices = themes.map(
    (each) =>
      html`<button name="theme" value="${each}" aria-pressed="${String(each === theme)}">${each[0]?.toUpperCase()}${each.slice(1)}</button>`,
  );
  return html`<div class="switch" role="group" aria-label="Theme">${postForm(
    csrf,
    '/theme',
    html`<input type="hidden" name="back" value="${at}">${choices}`,
  )}</div>`;
}

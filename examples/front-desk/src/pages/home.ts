import { html } from 'hono/html';
import type { Html } from './layout.ts';
import { passCard } from './pass.ts';
import { type Reading, timeTag } from './time.ts';

/** The first page: what this is, and whether the desk knows you. */
export function homePage(reading: Reading, holder: { name: string; expiresAt: number } | undefined): Html {
  return html`<div class="hero">
  <div class="stack">
    <h1>The desk that remembers you</h1>
    <p class="lead">
      A small, complete application made with hallpass: accounts, passkeys, devices, tokens for programs. Sign in, close
      everything, come back: it still knows you, until you say otherwise.
    </p>
    <div class="row">
      ${
        holder === undefined
          ? html`<a class="button" href="/sign-in">Sign in</a>`
          : html`<a class="button" href="/profile">Go to your profile</a>`
      }
      <a class="button quiet" href="/trace">Watch a redirect</a>
    </div>
  </div>
  ${
    holder === undefined
      ? passCard('Visitor', 'Not signed in', [
          ['What the desk keeps', 'Nothing'],
          ['Session cookie', 'None yet'],
        ])
      : passCard(holder.name, 'Signed in', [
          ['Ends', timeTag(reading, holder.expiresAt)],
          ['Good for', 'This browser'],
        ])
  }
</div>
<section class="section" aria-labelledby="inside">
  <h2 id="inside">What there is to try</h2>
  <ul class="doors">
    ${doors.map(door)}
  </ul>
</section>`;
}

/** What the desk shows, each behind its page. Where one has to be signed in for it, the form comes first. */
const doors: { href: string; title: string; about: string }[] = [
  {
    href: '/profile',
    title: 'Sessions that last, and end',
    about: 'Restart the server: you stay signed in. Sign out: a copy of your old cookie is worth nothing.',
  },
  {
    href: '/devices',
    title: 'Every device in view',
    about: 'See where you are signed in, sign one device out, or all the others at once.',
  },
  {
    href: '/security',
    title: 'Passkeys, and a second look',
    about: 'Sign in with a finger, a face or a PIN. Before a sensitive page the desk asks again who you are.',
  },
  {
    href: '/api',
    title: 'Tokens for programs',
    about: 'Trade a password for two tokens with curl. A refresh token that was copied ends its sign-in.',
  },
  {
    href: '/trace',
    title: 'Redirects, drawn',
    about: 'See at each hop which secret travelled, which stayed at home, and the sentence that says why.',
  },
  {
    href: '/playground/',
    title: 'Why a cookie is missing',
    about: 'Paste a Set-Cookie line, and read what browsers make of it, and what to change.',
  },
];

const door = ({ href, title, about }: (typeof doors)[number]): Html => html`<li class="card">
      <h3><a href="${href}">${title}</a></h3>
      <p class="soft">${about}</p>
    </li>`;

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
      Sign in, close everything, come back: the desk still knows you, on each of your devices, until you say otherwise.
      It is a small, complete application made with hallpass.
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
          ['Session cookie', 'None until you sign in'],
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
    <li class="card">
      <h3>Sessions that last, and end</h3>
      <p class="soft">Restart the server: you stay signed in. Sign out: a copy of your old cookie is worth nothing.</p>
    </li>
    <li class="card">
      <h3>${holder === undefined ? 'Every device in view' : html`<a href="/devices">Every device in view</a>`}</h3>
      <p class="soft">See where you are signed in, sign one device out, or all the others at once.</p>
    </li>
    <li class="card">
      <h3><a href="/trace">Redirects, drawn</a></h3>
      <p class="soft">See at each hop which secret travelled, which stayed at home, and the sentence that says why.</p>
    </li>
  </ul>
</section>`;
}

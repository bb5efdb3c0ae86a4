import { html } from 'hono/html';
import type { Html } from '../../../shared/page.ts';

/** Asks until it is answered; both answers are one press away. */
export const consentBanner: Html = html`<form class="banner" method="post" action="/consent" aria-label="Cookie consent">
      <p>May we give your browser a random id, to count visits? Nothing else depends on it.</p>
      <button name="choice" value="accept">Accept</button>
      <button name="choice" value="decline">Decline</button>
    </form>`;

import { html } from 'hono/html';
import { type Csrf, postForm } from './form.ts';
import type { Html } from './layout.ts';

/** Asks until it is answered. Both answers look alike and are one press away; nothing is kept before. */
export function consentBanner(csrf: Csrf, back: string): Html {
  return html`<section class="consent" aria-label="Cookies">
    <p>May this browser keep the time of your last visit, for your profile to show?</p>
    ${postForm(
      csrf,
      '/consent',
      html`<input type="hidden" name="back" value="${back}">
      <button class="button quiet compact" name="answer" value="yes">Yes</button>
      <button class="button quiet compact" name="answer" value="no">No</button>`,
      'row',
    )}
  </section>`;
}

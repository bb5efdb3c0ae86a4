import { html } from 'hono/html';
import { field, nameForPasswordManagers, type Page, postForm } from './form.ts';

/** Asks for the password once more. @param back where the reader wanted to go */
export function confirmPage(back: string, user: string, problem?: string): Page {
  return (csrf) => html`<div class="narrow stack">
  <h1>Is it you?</h1>
  <p class="lead">Your sign-in is more than five minutes old, so the desk asks again before a page that matters.</p>
  ${postForm(
    csrf,
    '/confirm',
    html`<input type="hidden" name="back" value="${back}">
    ${nameForPasswordManagers(user)}
    ${field({ id: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', problem })}
    <button class="button">Continue</button>`,
    'card stack',
  )}
  <p class="soft">Not now? <a href="/profile">Back to your profile</a></p>
</div>`;
}

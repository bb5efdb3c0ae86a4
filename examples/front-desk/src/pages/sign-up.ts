import { html } from 'hono/html';
import { field, type Page, postForm } from './form.ts';

/** What was typed, and what was wrong with it, each by its field. */
export interface SignUpForm {
  user?: string;
  name?: string;
  problems: { user?: string | undefined; name?: string | undefined; password?: string | undefined };
}

export function signUpPage({ user = '', name = '', problems }: SignUpForm): Page {
  return (csrf) => html`<div class="narrow stack">
  <h1>Sign up</h1>
  ${Object.values(problems).some(Boolean) && html`<p class="note bad" role="alert">There is no account yet: see below what is missing.</p>`}
  ${postForm(
    csrf,
    '/sign-up',
    html`
    ${field({ id: 'user', label: 'User name', value: user, autocomplete: 'username', maxlength: 30, problem: problems.user, hint: 'Letters, digits, dots and dashes. Others may see it.' })}
    ${field({ id: 'name', label: 'Your name', value: name, autocomplete: 'name', maxlength: 60, problem: problems.name })}
    ${field({ id: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', problem: problems.password, hint: 'At least 12 characters. A few words in a row will do.' })}
    <button class="button">Sign up</button>`,
    'card stack',
  )}
  <p class="soft">Already known here? <a href="/sign-in">Sign in</a></p>
</div>`;
}

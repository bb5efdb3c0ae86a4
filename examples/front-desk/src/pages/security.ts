import { html } from 'hono/html';
import { field, type Page, postForm } from './form.ts';

/** How the account is protected. */
export interface Security {
  user: { id: string };
  problems: { current?: string | undefined; password?: string | undefined };
}

export function securityPage({ user, problems }: Security): Page {
  return (csrf) => html`<h1>Password</h1>
<div class="columns">
  ${postForm(
    csrf,
    '/security/password',
    html`<h2>Change your password</h2>
    <input type="hidden" name="user" value="${user.id}" autocomplete="username">
    ${field({ id: 'current', label: 'Password until now', type: 'password', autocomplete: 'current-password', problem: problems.current })}
    ${field({ id: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', problem: problems.password, hint: 'At least 12 characters.' })}
    <p class="soft small">Every other device is signed out, and so is every program with a token of yours.</p>
    <div><button class="button">Change it</button></div>`,
    'card stack',
  )}
</div>`;
}

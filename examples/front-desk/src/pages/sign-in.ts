import { html } from 'hono/html';
import { demoUsers } from '../accounts/accounts.ts';
import { assetUrl } from '../assets.ts';
import { field, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';

/** Why the form is shown again. */
export type SignInNotice = 'wrong' | 'dropped' | 'signed-out' | 'ended' | undefined;

const notices: Record<NonNullable<SignInNotice>, Html> = {
  wrong: html`<p class="note bad" role="alert">That user name and password do not go together.</p>`,
  'signed-out': html`<p class="note good" role="status">You are signed out. Your old cookie is worth nothing now.</p>`,
  ended: html`<p class="note" role="status">You were signed out, from another device or because your time was over.</p>`,
  dropped: html`<p class="note bad" role="alert">
      Your password was right, but your browser did not keep the session cookie. It is a Secure cookie; Chrome, Edge and
      Firefox keep those on <code>http://localhost</code>, Safari only over https. Use one of the others to try the desk,
      or put it behind an https proxy. Also check that cookies are not blocked for this site.
    </p>`,
};

/** @param options.demo whether the two people that everybody may sign in as are told */
export function signInPage(
  notice: SignInNotice,
  options: { demo: boolean; user?: string; remember?: boolean },
): Page {
  return (csrf) => html`<div class="narrow stack">
  <h1>Sign in</h1>
  ${notice !== undefined && notices[notice]}
  ${postForm(
    csrf,
    '/sign-in',
    html`
    ${field({ id: 'user', label: 'User name', value: options.user ?? '', autocomplete: 'username' })}
    ${field({ id: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
    <label class="tick"><input type="checkbox" name="remember" value="yes"${options.remember && html` checked`}> Remember me for 30 days</label>
    <button class="button">Sign in</button>`,
    'card stack',
  )}
  <form class="stack" data-passkey="use" data-needs-passkeys hidden>
    <button class="button quiet">Sign in with a passkey</button>
    <p class="problem" role="alert"></p>
  </form>
  <p class="soft">New here? <a href="/sign-up">Sign up</a></p>
  ${options.demo && demonstration}
</div>
<script type="module" src="${assetUrl('/passkeys.js')}"></script>`;
}

const demonstration = html`<div class="card soft small stack">
    <p>This is a demonstration, so here are two people to try it as:</p>
    <ul class="plain">${demoUsers.map(({ id, password }) => html`<li><code>${id}</code> · <code>${password}</code></li>`)}</ul>
  </div>`;

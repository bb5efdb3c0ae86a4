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
      or start it with <code>TLS_CERT</code> and <code>TLS_KEY</code>, two PEM files, and it serves https itself. Also check
      that cookies are not blocked for this site.
    </p>`,
};

/** What the form knows before anybody types. */
export interface SignInForm {
  /** Whether it names the two people that everybody may sign in as. */
  demo: boolean;
  /** The page of the desk that was asked for; it comes after the sign-in. */
  back: string;
  user?: string;
  remember?: boolean;
}

export function signInPage(notice: SignInNotice, { demo, back, user = '', remember }: SignInForm): Page {
  return (csrf) => html`<div class="narrow stack">
  <h1>Sign in</h1>
  ${notice !== undefined && notices[notice]}
  ${demo && demonstration}
  ${postForm(
    csrf,
    '/sign-in',
    html`<input type="hidden" name="back" value="${back}">
    ${field({ id: 'user', label: 'User name', value: user, autocomplete: 'username' })}
    ${field({ id: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
    <label class="tick"><input type="checkbox" name="remember" value="yes"${remember && html` checked`}> Remember me for 30 days</label>
    <button class="button">Sign in</button>`,
    'card stack',
  )}
  <form class="stack" data-passkey="use" data-needs-passkeys hidden>
    <input type="hidden" name="back" value="${back}">
    <button class="button quiet">Sign in with a passkey</button>
    <p class="problem" role="alert"></p>
  </form>
  <p class="soft">New here? <a href="/sign-up">Sign up</a></p>
</div>
<script type="module" src="${assetUrl('/passkeys.js')}"></script>`;
}

const demonstration = html`<p class="soft">
    To try it, sign in as ${demoUsers.map(
      ({ id, password }, index) =>
        html`${index > 0 && ' or '}<code>${id}</code> with <code>${password}</code>`,
    )}.
  </p>`;

import { html } from 'hono/html';
import { demoUsers } from '../users.ts';
import type { Html } from './layout.ts';

/** Why the form is shown again. */
export type SignInNotice = 'wrong' | 'dropped' | 'signed-out' | undefined;

const notices: Record<NonNullable<SignInNotice>, Html> = {
  wrong: html`<p class="note bad" role="alert">That user name and password do not go together.</p>`,
  'signed-out': html`<p class="note good" role="status">You are signed out. Your old cookie is worth nothing now.</p>`,
  dropped: html`<p class="note bad" role="alert">
      Your password was right, but your browser did not keep the session cookie. It is a Secure cookie; Chrome, Edge and
      Firefox keep those on <code>http://localhost</code>, Safari only over https. Use one of the others to try the desk,
      or put it behind an https proxy. Also check that cookies are not blocked for this site.
    </p>`,
};

export function signInPage(notice: SignInNotice, filled: { user?: string; remember?: boolean } = {}): Html {
  return html`<div class="narrow stack">
  <h1>Sign in</h1>
  ${notice !== undefined && notices[notice]}
  <form class="card stack" method="post" action="/sign-in">
    <div class="field">
      <label for="user">User name</label>
      <input id="user" name="user" value="${filled.user ?? ''}" required autocomplete="username" autocapitalize="none" spellcheck="false">
    </div>
    <div class="field">
      <label for="password">Password</label>
      <input id="password" name="password" type="password" required autocomplete="current-password">
    </div>
    <label class="tick"><input type="checkbox" name="remember" value="yes"${filled.remember && html` checked`}> Remember me for 30 days</label>
    <button class="button">Sign in</button>
  </form>
  <div class="card soft small stack">
    <p>This is a demonstration, so here is everybody's password:</p>
    <ul class="plain">${demoUsers.map(({ id, password }) => html`<li><code>${id}</code> · <code>${password}</code></li>`)}</ul>
  </div>
</div>`;
}

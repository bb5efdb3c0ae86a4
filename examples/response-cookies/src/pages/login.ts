import { html } from 'hono/html';
import type { Html } from '../../../shared/page.ts';

export const loginPage: Html = html`<p>The article's example has no password: whatever name you give is believed, for 30 minutes.</p>
      <form method="post" action="/login">
        <label>Name <input name="username" autocomplete="username" required></label>
        <button>Log in</button>
      </form>
      <form method="post" action="/logout"><button>Log out</button></form>
      <p><a href="/profile">Your profile</a></p>`;

import { html } from 'hono/html';
import type { Passkey } from '../accounts/account-store.ts';
import { assetUrl } from '../assets.ts';
import { type Csrf, field, nameForPasswordManagers, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { dateTag, type Reading } from './time.ts';

/** How the account is protected. */
export interface Security {
  user: { id: string };
  /** What a new passkey is called, unless its owner has another name for it. */
  device: string;
  passkeys: Passkey[];
  problems: { current?: string | undefined; password?: string | undefined };
  reading: Reading;
}

export function securityPage({ user, device, passkeys, problems, reading }: Security): Page {
  return (csrf) => html`<h1>Security</h1>
<div class="columns">
  <section class="card stack" aria-labelledby="passkeys">
    <h2 id="passkeys">Passkeys</h2>
    <p class="soft">A passkey signs you in with your finger, your face or the PIN of your device. The desk keeps nothing that could be guessed or stolen.</p>
    ${passkeys.length > 0 && html`<ul class="devices">${passkeys.map((passkey) => passkeyLine(csrf, passkey, reading))}</ul>`}
    <noscript><p class="note">To add one, this page needs JavaScript.</p></noscript>
    <form class="stack" data-passkey="make" data-needs-passkeys hidden>
      ${field({ id: 'name', label: 'What do you call this device?', value: device, autocomplete: 'off', maxlength: 40 })}
      <div><button class="button">Add a passkey</button></div>
      <p class="problem" role="alert"></p>
    </form>
  </section>
  ${postForm(
    csrf,
    '/security/password',
    html`<h2>Change your password</h2>
    ${nameForPasswordManagers(user.id)}
    ${field({ id: 'current', label: 'Current password', type: 'password', autocomplete: 'current-password', problem: problems.current })}
    ${field({ id: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', problem: problems.password, hint: 'At least 12 characters.' })}
    <p class="soft small">Every other device is signed out, and so is every program with a token of yours.</p>
    <div><button class="button">Change password</button></div>`,
    'card stack',
  )}
</div>
<script type="module" src="${assetUrl('/passkeys.js')}"></script>`;
}

function passkeyLine(csrf: Csrf, { id, name, addedAt }: Passkey, reading: Reading): Html {
  return html`<li>
  <div><strong>${name}</strong><p class="soft small">Added ${dateTag(reading, addedAt)}.</p></div>
  ${postForm(
    csrf,
    '/passkeys/remove',
    html`<input type="hidden" name="id" value="${id}">
    <button class="button quiet compact" aria-label="Remove ${name}">Remove</button>`,
  )}
</li>`;
}

import type { SessionSummary } from 'hallpass/session';
import { html } from 'hono/html';
import { deviceName } from '../device-name.ts';
import { type Csrf, field, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { passCard } from './pass.ts';
import { timeTag } from './time.ts';

export interface Profile {
  now: number;
  user: { id: string; name: string };
  nickname: string | undefined;
  /** This device's session: its id, and instants in ms since 1970. */
  id: string;
  signedInAt: number;
  expiresAt: number;
  lastVisit: string | undefined;
  devices: SessionSummary[];
}

export function profilePage(profile: Profile): Page {
  const { now, user, nickname, devices } = profile;
  const remembered = devices.some(({ id, remember }) => id === profile.id && remember);
  return (csrf) => html`<h1>Hello, ${nickname ?? user.name}</h1>
<div class="profile">
  <div class="stack">
    ${passCard(user.name, user.id, [
      ['Signed in', timeTag(now, profile.signedInAt)],
      ['Ends', timeTag(now, profile.expiresAt)],
      ['Remembered', remembered ? 'for 30 days' : 'until you close the browser'],
      ['Last visit', profile.lastVisit === undefined ? 'never' : timeTag(now, Date.parse(profile.lastVisit))],
    ])}
    ${postForm(
      csrf,
      '/profile/nickname',
      html`
      ${field({ id: 'nickname', label: 'What should this device call you?', value: nickname ?? '', autocomplete: 'nickname', maxlength: 40, optional: true })}
      <div><button class="button quiet">Save</button></div>`,
      'card stack',
    )}
    <p><a href="/security">Change your password</a></p>
  </div>
  <section class="card stack" aria-labelledby="devices">
    <h2 id="devices">Where you are signed in</h2>
    <ul class="devices">${devices.map((device) => deviceLine(csrf, device, now, profile.id))}</ul>
    ${
      devices.length > 1
        ? postForm(
            csrf,
            '/devices/sign-out-others',
            html`<button class="button">Sign out everywhere else</button>`,
          )
        : html`<p class="soft small">Sign in with another browser, and it appears here.</p>`
    }
  </section>
</div>`;
}

function deviceLine(csrf: Csrf, device: SessionSummary, now: number, current: string): Html {
  const here = device.id === current;
  const name = deviceName(device.device);
  return html`<li>
  <div>
    <strong>${name}</strong>${here && html`<span class="tag">this device</span>`}
    <p class="soft small">
      First seen ${timeTag(now, device.createdAt)}, last seen ${timeTag(now, device.seenAt)}.
      ${device.remember ? 'Remembered' : 'Until the browser closes'}; ends ${timeTag(now, device.expiresAt)}.
    </p>
  </div>
  ${postForm(
    csrf,
    '/devices/sign-out',
    html`<input type="hidden" name="id" value="${device.id}">
    <button class="button quiet compact" aria-label="Sign out ${here ? 'this device' : name}">Sign out</button>`,
  )}
</li>`;
}

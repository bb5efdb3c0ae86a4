import type { SessionSummary } from 'hallpass/session';
import { html } from 'hono/html';
import { deviceName } from '../device-name.ts';
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
  notice: string | undefined;
}

export function profilePage(profile: Profile): Html {
  const { now, user, nickname, devices, notice } = profile;
  const remembered = devices.some(({ id, remember }) => id === profile.id && remember);
  return html`<div class="stack">
  <h1>Hello, ${nickname ?? user.name}</h1>
  ${notice !== undefined && html`<p class="note good" role="status">${notice}</p>`}
</div>
<div class="profile">
  <div class="stack">
    ${passCard(user.name, user.id, [
      ['Signed in', timeTag(now, profile.signedInAt)],
      ['Ends', timeTag(now, profile.expiresAt)],
      ['Remembered', remembered ? 'for 30 days' : 'until you close the browser'],
      ['Last visit', profile.lastVisit === undefined ? 'never' : timeTag(now, Date.parse(profile.lastVisit))],
    ])}
    <form class="card stack" method="post" action="/profile/nickname">
      <div class="field">
        <label for="nickname">What should this device call you?</label>
        <input id="nickname" name="nickname" value="${nickname ?? ''}" maxlength="40" autocomplete="nickname">
      </div>
      <div><button class="button quiet">Save</button></div>
    </form>
  </div>
  <section class="card stack" aria-labelledby="devices">
    <h2 id="devices">Where you are signed in</h2>
    <ul class="devices">${devices.map((device) => deviceLine(device, now, profile.id))}</ul>
    ${
      devices.length > 1
        ? html`<form method="post" action="/devices/sign-out-others"><button class="button">Sign out everywhere else</button></form>`
        : html`<p class="soft small">Sign in with another browser, and it appears here.</p>`
    }
  </section>
</div>`;
}

function deviceLine(device: SessionSummary, now: number, current: string): Html {
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
  <form method="post" action="/devices/sign-out">
    <input type="hidden" name="id" value="${device.id}">
    <button class="button quiet compact" aria-label="Sign out ${here ? 'this device' : name}">Sign out</button>
  </form>
</li>`;
}

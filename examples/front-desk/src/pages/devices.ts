import type { SessionSummary } from 'hallpass/session';
import { html } from 'hono/html';
import { deviceName } from '../device-name.ts';
import { type Csrf, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { dateTag, type Reading, timeTag } from './time.ts';

/** The user's sessions, each of which can be ended from here. @param current the id of this device's own */
export function devicesPage(devices: SessionSummary[], current: string, reading: Reading): Page {
  return (csrf) => html`<h1>Where you are signed in</h1>
<div class="columns">
  <section class="card stack" aria-label="Devices">
    <ul class="devices">${devices.map((device) => deviceLine(csrf, device, device.id === current, reading))}</ul>
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

function deviceLine(csrf: Csrf, device: SessionSummary, here: boolean, reading: Reading): Html {
  const name = deviceName(device.device);
  return html`<li>
  <div>
    <strong>${name}</strong>${here && html`<span class="tag">this device</span>`}
    <p class="soft small">
      Since ${dateTag(reading, device.createdAt)}, last seen ${timeTag(reading, device.seenAt)}.
      ${device.remember ? 'Remembered' : 'Until the browser closes'}; ends ${timeTag(reading, device.expiresAt)}.
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

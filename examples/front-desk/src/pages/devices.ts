import type { SessionSummary } from 'hallpass/session';
import { html } from 'hono/html';
import { assetUrl } from '../assets.ts';
import { deviceName } from '../device-name.ts';
import { type Csrf, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { dateTag, type Reading, timeTag } from './time.ts';

/** Where a user is signed in. */
export interface Devices {
  devices: SessionSummary[];
  /** The ids of those that are no browsers, but programs with tokens. */
  programs: ReadonlySet<string>;
  /** The id of this device. */
  current: string;
  /** True when the password is asked for before another device is signed out. */
  asksFirst: boolean;
  reading: Reading;
}

/** The user's sessions, each of which can be ended from here; the script keeps them up to date. */
export function devicesPage({ devices, programs, current, asksFirst, reading }: Devices): Page {
  const isHere = ({ id }: SessionSummary) => id === current;
  const hereFirst = [...devices.filter(isHere), ...devices.filter((device) => !isHere(device))];
  return (csrf) => html`<h1>Where you are signed in</h1>
<div class="columns">
  <section class="card stack" aria-label="Devices" data-live-devices="${devices.length}">
    <ul class="devices">${hereFirst.map((device) => {
      const isProgram = programs.has(device.id);
      const name = isProgram ? 'A program with a token' : deviceName(device.device);
      return deviceLine(csrf, device, { name, isProgram, here: isHere(device), reading });
    })}</ul>
    ${
      devices.length > 1
        ? postForm(
            csrf,
            '/devices/sign-out-others',
            html`<button class="button">Sign out everywhere else</button>`,
          )
        : html`<p class="soft small">Sign in with another browser, and it appears here.</p>`
    }
    ${asksFirst && devices.length > 1 && html`<p class="soft small">You signed in a while ago: the desk asks for your password first, before it signs out another device.</p>`}
  </section>
</div>
<script type="module" src="${assetUrl('/devices.js')}"></script>`;
}

function deviceLine(
  csrf: Csrf,
  device: SessionSummary,
  { name, isProgram, here, reading }: { name: string; isProgram: boolean; here: boolean; reading: Reading },
): Html {
  const lastsBeyondBrowser = isProgram || device.remember;
  return html`<li>
  <div>
    <strong>${name}</strong>${here && html` <span class="tag">this device</span>`}
    <p class="soft small">
      Since ${dateTag(reading, device.createdAt)}${!here && html`, last seen ${timeTag(reading, device.seenAt)}`}.
      Ends ${timeTag(reading, device.expiresAt)}${!lastsBeyondBrowser && ', or when the browser closes'}.
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

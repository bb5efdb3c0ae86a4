import { html } from 'hono/html';
import { type DateFormat, dateFormats, timeZones } from '../cookies.ts';
import { type Csrf, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { dateTag, type Reading } from './time.ts';

const names = new Intl.DisplayNames('en', { type: 'language' });

export function settingsPage(reading: Reading, consent: 'yes' | 'no' | undefined): Page {
  return (csrf) => html`<h1>Settings</h1>
<p class="lead">They belong to this browser, which keeps them in cookies. The theme is at the foot of every page.</p>
<div class="columns">
  ${dates(csrf, reading)}
  ${visits(csrf, consent)}
</div>`;
}

function dates(csrf: Csrf, reading: Reading): Html {
  return postForm(
    csrf,
    '/settings/dates',
    html`<h2>Dates and times</h2>
    <div class="field">
      <label for="format">Format</label>
      <select id="format" name="format">
        ${dateFormats.map((each: DateFormat) => option(each, formatName(each, reading), each === reading.dateFormat))}
      </select>
    </div>
    <div class="field">
      <label for="time-zone">Time zone</label>
      <select id="time-zone" name="time-zone">
        ${timeZones.map((each) => option(each, each.replaceAll('_', ' '), each === reading.timeZone))}
      </select>
    </div>
    <p class="soft">Now it is ${dateTag(reading, reading.now)}. The pages are in English, whatever the format.</p>
    <div><button class="button">Save</button></div>`,
    'card stack',
  );
}

/** `30.11.2026, German (Germany)`: the format shows itself. */
function formatName(format: DateFormat, { now, timeZone }: Reading): string {
  const day = new Intl.DateTimeFormat(format, { dateStyle: 'short', timeZone }).format(now);
  return `${day}, ${names.of(format) ?? format}`;
}

function option(value: string, label: string, selected: boolean): Html {
  return html`<option value="${value}"${selected && html` selected`}>${label}</option>`;
}

/** What was agreed to is taken back as easily as it was given. */
function visits(csrf: Csrf, consent: 'yes' | 'no' | undefined): Html {
  const agreed = consent === 'yes';
  return postForm(
    csrf,
    '/consent',
    html`<h2>Your last visit</h2>
    <p>${
      agreed
        ? 'This browser keeps the time of your last visit, and your profile shows it.'
        : 'This browser does not keep the time of your last visit.'
    }</p>
    <input type="hidden" name="back" value="/settings">
    <div>${
      agreed
        ? html`<button class="button quiet" name="answer" value="no">Forget it, and stop</button>`
        : html`<button class="button quiet" name="answer" value="yes">Keep it</button>`
    }</div>`,
    'card stack',
  );
}

import { html } from 'hono/html';
import { field, type Page, postForm } from './form.ts';
import type { Html } from './layout.ts';
import { passCard } from './pass.ts';
import { dateTag, type Reading, timeTag } from './time.ts';

export interface Profile {
  user: { id: string; name: string };
  nickname: string | undefined;
  /** Of this session: instants in ms since 1970. */
  signedInAt: number;
  expiresAt: number;
  remembered: boolean;
  /** Whether this browser may keep when it was here last. */
  keepsVisits: boolean;
  /** ISO 8601. */
  lastVisit: string | undefined;
  /** How many are signed in as this user. */
  devices: number;
}

export function profilePage(reading: Reading, profile: Profile): Page {
  const { user, nickname, devices } = profile;
  return (csrf) => html`<h1>Hello, ${nickname ?? user.name}</h1>
<div class="profile">
  ${passCard(user.name, user.id, [
    ['Signed in', timeTag(reading, profile.signedInAt)],
    ['Ends', timeTag(reading, profile.expiresAt)],
    ['Remembered', profile.remembered ? 'for 30 days' : 'until you close the browser'],
    ['Last visit', lastVisit(reading, profile)],
  ])}
  <div class="stack">
    ${postForm(
      csrf,
      '/profile/nickname',
      html`
      ${field({ id: 'nickname', label: 'What should this device call you?', hint: 'Kept in this session, and in no other.', value: nickname ?? '', autocomplete: 'nickname', maxlength: 40, optional: true })}
      <div><button class="button quiet">Save</button></div>`,
      'card stack',
    )}
    <p class="soft">You are signed in on <a href="/devices">${devices === 1 ? 'this device only' : `${devices} devices`}</a>.</p>
  </div>
</div>`;
}

function lastVisit(reading: Reading, { keepsVisits, lastVisit }: Profile): Html | string {
  if (!keepsVisits) return 'not kept';
  return lastVisit === undefined ? 'never' : dateTag(reading, Date.parse(lastVisit));
}

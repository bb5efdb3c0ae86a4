import { html } from 'hono/html';
import type { Html } from './layout.ts';

/** A token for the forms of one page, or nothing where nobody can be harmed: an anonymous visitor's theme, say. */
export type Csrf = string | undefined;

/** A page with forms of its own. */
export type Page = (csrf: Csrf) => Html;

/** A form that changes something: POST, and with the page's token. */
export function postForm(csrf: Csrf, action: string, content: Html | Html[], kind = ''): Html {
  return html`<form method="post" action="${action}"${kind !== '' && html` class="${kind}"`}>
  ${csrf !== undefined && html`<input type="hidden" name="csrf_token" value="${csrf}">`}
  ${content}
</form>`;
}

/** What an input is called, and what browsers and password managers should know of it. */
export interface Field {
  id: string;
  label: string;
  type?: 'text' | 'password';
  value?: string;
  autocomplete: string;
  maxlength?: number;
  optional?: boolean;
  /** Said below the label, before anybody types. */
  hint?: string;
  /** What was wrong with what was typed. */
  problem?: string | undefined;
}

/** A labelled input. Screen readers read its hint and its problem with it. */
export function field({ id, label, type = 'text', value = '', ...more }: Field): Html {
  const described = [more.hint && `${id}-hint`, more.problem && `${id}-problem`].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${more.hint && html`<p class="soft small" id="${id}-hint">${more.hint}</p>`}
    <input id="${id}" name="${id}" type="${type}" value="${value}" autocomplete="${more.autocomplete}" autocapitalize="none" spellcheck="false"${
      more.maxlength !== undefined && html` maxlength="${more.maxlength}"`
    }${!more.optional && html` required`}${more.problem && html` aria-invalid="true"`}${
      described !== '' && html` aria-describedby="${described}"`
    }>
    ${more.problem && html`<p class="problem" id="${id}-problem">${more.problem}</p>`}
  </div>`;
}

/** Whose password a form asks for, where nobody has to type it. */
export function nameForPasswordManagers(user: string): Html {
  return html`<input type="text" name="user" value="${user}" autocomplete="username" readonly hidden>`;
}

import { type RecordedExchange, readExchanges } from 'hallpass';
import { publicSuffixes } from 'hallpass/jar';
import { createPanel, type Panel } from 'hallpass/panel';
import { pipeline } from 'hallpass/server';
import { programs } from './programs.ts';
import type { ThreadInput } from './thread.ts';

/**
 * The codes that the panel names while an app answers as the thread's did. A panel looks at its own app, at the first visit of a
 * line's cookie, so what only a later journey shows (a link of another site, a script) it does not see before it happens.
 */
export async function askPanel(input: ThreadInput): Promise<{ codes: string[]; pasted: string }> {
  const panel = createPanel({ suffixes: publicSuffixes });
  const pasted = input.kind === 'program' ? await programs[input.program]!(panel) : '';
  if (input.kind !== 'program') await replay(input, panel);
  return { codes: codesOf(panel), pasted };
}

/** Answers each request as it was answered. */
async function replay(input: Exclude<ThreadInput, { kind: 'program' }>, panel: Panel): Promise<void> {
  const text = input.kind === 'line' ? `Set-Cookie: ${input.text}` : input.text;
  const exchanges = readExchanges(text, 'from' in input ? input.from : undefined)?.exchanges ?? [];
  let current: RecordedExchange = {};
  const app = pipeline({ csrf: false, watch: panel, onWarning: false })(() => {
    const headers = new Headers();
    for (const [name, value] of current.responseHeaders ?? []) headers.append(name, encoded(value));
    return new Response(null, { status: current.status ?? 200, headers });
  });
  for (current of exchanges) {
    const headers = new Headers();
    for (const [name, value] of current.requestHeaders ?? visit) headers.append(name, value);
    await app(new Request(current.url ?? 'http://localhost/', { method: current.method ?? 'GET', headers }));
  }
}

const visit = [
  ['sec-fetch-site', 'none'],
  ['sec-fetch-mode', 'navigate'],
  ['sec-fetch-dest', 'document'],
] as const;

/** Octets, as the wire has them. */
const encoded = (value: string) => Buffer.from(value).toString('latin1');

const codesOf = ({ entries }: Panel) =>
  entries
    .flatMap(({ exchange, events, traces }) => [
      ...(exchange?.cookies ?? []).flatMap(({ findings }) => findings),
      ...(exchange?.findings ?? []),
      ...events.flatMap(({ findings }) => findings),
      ...traces.flatMap(({ hops }) => hops.flatMap(({ findings }) => findings)),
    ])
    .map(({ code }) => code);

import { bodyOf } from './client/read-answers.ts';
import type { Difference } from './compare.ts';
import type { Program } from './program.ts';
import type { Runs } from './run-programs.ts';
import { isOurCookie, mayWait } from './sessions.ts';
import type { Answer, Transcript } from './transcript.ts';
import { decoded } from './upstream.ts';

export interface Given {
  readonly program: Program;
  readonly runs: Runs;
}

/** What is documented to be otherwise with hallpass. Everything else is a fault. */
export interface Exception {
  readonly sentence: string;
  /** What the bare transcript becomes by this rule; `undefined`: it stays. */
  expect?(bare: Transcript, given: Given): Transcript | undefined;
  explains?(difference: Difference, given: Given): boolean;
}

type Headers = Answer['headers'];

/** The same with other headers on the program's own answer. */
function withHeaders(bare: Transcript, change: (headers: Headers) => Headers): Transcript {
  const [first, ...rest] = bare.answers;
  return first === undefined
    ? bare
    : { ...bare, answers: [{ ...first, headers: change(first.headers) }, ...rest] };
}

function headerOf(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

function replace(headers: Headers, name: string, value: string): Headers {
  return [...headers.filter(([key]) => key.toLowerCase() !== name), [name, value]];
}

function addToVary(headers: Headers, ...names: string[]): Headers {
  const present = headerOf(headers, 'vary');
  const list = present?.split(', ') ?? [];
  const missing = names.filter(
    (name) => !list.some((one) => one === '*' || one.toLowerCase() === name.toLowerCase()),
  );
  return missing.length === 0 ? headers : replace(headers, 'vary', [...list, ...missing].join(', '));
}

const linesOf = (answer: Answer | undefined) =>
  (answer?.headers ?? []).filter(
    ([name, value]) => name.toLowerCase() === 'set-cookie' && isOurCookie(value),
  );

/** True when an answer may have waited for the store. */
const waited = ({ program, runs }: Given) => runs.hallpass.used && mayWait(program.session);
/** True when the answer is its visitor's alone. */
const isPersonal = ({ program, runs }: Given) =>
  runs.hallpass.used && (!/cookie/.test(program.session) || linesOf(runs.hallpass.answers[0]).length > 0);
const refuses = ({ program }: Given) => program.store === 'failing' || program.store === 'late';

export const exceptions: readonly Exception[] = [
  {
    sentence:
      'An answer to a request that may change state says by which headers it was judged: Vary: Sec-Fetch-Site, Origin.',
    expect: (bare, { program }) =>
      program.method === 'POST'
        ? withHeaders(bare, (headers) => addToVary(headers, 'Sec-Fetch-Site', 'Origin'))
        : undefined,
  },
  {
    sentence: 'An answer whose handler used the session carries our Set-Cookie lines and Vary: Cookie.',
    expect: (bare, given) =>
      isPersonal(given)
        ? withHeaders(bare, (headers) => [
            ...addToVary(headers, 'Cookie'),
            ...linesOf(given.runs.hallpass.answers[0]),
          ])
        : undefined,
  },
  {
    sentence:
      'Such an answer is for its visitor alone: Cache-Control is private, no-store, or what the handler wrote with public and s-maxage taken out.',
    expect: (bare, given) =>
      isPersonal(given)
        ? withHeaders(bare, (headers) => {
            const chosen = headerOf(headers, 'cache-control');
            return replace(
              headers,
              'cache-control',
              chosen === undefined ? 'private, no-store' : privately(chosen),
            );
          })
        : undefined,
  },
  {
    sentence:
      'A commit that the store refuses is the answer: 503, in place of what the handler said, or what the error handlers of the app make of that.',
    explains: ({ what }, given) => {
      const { program, runs } = given;
      const [answer] = runs.hallpass.answers;
      if (!refuses(given) || !waited(given) || !answer?.complete) return false;
      const isAsked = runs.hallpass.around.includes('error handler: store-unavailable');
      const isRight = program.around.some((name) => /^errors answered/.test(name))
        ? isAsked
        : answer.status.startsWith('503');
      return (
        isRight &&
        (what.startsWith('answer 1: ') || what === 'around' || what === 'callbacks' || what === 'events')
      );
    },
  },
  {
    sentence: 'While an answer waits for its commit, write returns false, and drain follows.',
    explains: ({ what, bare, hallpass }, given) =>
      waited(given) &&
      ((what === 'handler' && soon(bare, given) === soon(hallpass, given)) ||
        (what === 'events' && withoutDrain(bare) === withoutDrain(hallpass))),
  },
  {
    sentence: 'A cookie that is too large is answered with 500.',
    explains: ({ what }, { program, runs }) =>
      program.session === 'large cookie' &&
      runs.hallpass.answers[0]?.status.startsWith('500') === true &&
      runs.hallpass.answers[0].complete &&
      (what.startsWith('answer 1: ') || what === 'around' || what === 'callbacks' || what === 'events'),
  },
  {
    sentence: 'Whether a client sees a connection closed or reset depends on what was on its way.',
    explains: ({ what, bare, hallpass }) =>
      what === 'connection' && [bare, hallpass].sort().join() === 'closed,reset',
  },
  {
    sentence:
      'A server that closes a connection with something unread on it resets it, and what was sent may be lost with that.',
    explains: ({ what }, { program, runs }) =>
      program.upload === 'parts' &&
      (runs.hallpass.connection === 'reset' || runs.bare.connection === 'reset') &&
      /^(connection|answer|listeners)/.test(what),
  },
  {
    sentence:
      "Where a handler of requests is served by an adapter of its own, framing, the body of a 500 and an unsaid Content-Type are the adapter's.",
    explains: ({ what, bare }, { program, runs }) =>
      program.framework === 'listener' &&
      (/^(events|listeners|resources)$|header (content-length|transfer-encoding|connection|keep-alive)$/.test(
        what,
      ) ||
        (what === 'connection' && program.steps.some((step) => /returnFetched/.test(step))) ||
        (/header content-type$/.test(what) && bare === 'text/plain; charset=UTF-8') ||
        (/^answer 1: |^answers$|^connection$/.test(what) &&
          /^500/.test(runs.bare.answers[0]?.status ?? '') &&
          /^500/.test(runs.hallpass.answers[0]?.status ?? ''))),
  },
  {
    sentence:
      'toNodeListener sends what fetch has decoded without the length and the encoding that it came with, which the adapter beside it leaves there.',
    expect: (bare, { program }) =>
      program.framework === 'listener' &&
      bare.answers[0]?.headers.some(([name]) => name === 'content-encoding')
        ? asDecoded(bare, program)
        : undefined,
  },
  {
    sentence:
      'What an error handler of Hono throws is answered by the adapter beneath, beyond all middleware.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'hono' &&
      program.around.includes('errors thrown again') &&
      runs.hallpass.around.length > 0 &&
      /^answer 1: header (vary|cache-control)$/.test(what),
  },
  {
    sentence: 'toNodeListener answers with 500 where a body fails before its first part.',
    explains: (_difference, { program, runs }) =>
      program.framework === 'listener' &&
      program.steps.some((step) => /brokenStream/.test(step)) &&
      runs.bare.answers[0]?.complete === false &&
      /^500/.test(runs.hallpass.answers[0]?.status ?? ''),
  },
  {
    sentence: 'serverless-http itself says close when it has what it came for.',
    explains: ({ what, bare, hallpass }, { program }) =>
      program.framework === 'serverless-http' &&
      what === 'events' &&
      withoutClose(bare) === withoutClose(hallpass),
  },
  {
    sentence: 'What a handler of Hono throws that is no Error is answered with 500 in our words.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'hono' &&
      program.steps.some((step) => /throwText/.test(step)) &&
      /^500/.test(runs.hallpass.answers[0]?.status ?? '') &&
      what.startsWith('answer 1: '),
  },
  {
    sentence:
      'What a listener of node:http throws ends the process; with hallpass it is answered with 500, or ends its connection.',
    explains: (_difference, { program, runs }) =>
      (program.framework === 'http' || program.framework === 'http2') &&
      runs.bare.crashes.length > 0 &&
      runs.hallpass.crashes.length === 0 &&
      runs.bare.handler.some((line) => line.includes('| threw ') && !line.startsWith('try ')),
  },
  {
    sentence: 'A client that leaves while an answer waits gets less of it.',
    explains: ({ what }, { runs }) =>
      runs.hallpass.connection === 'left' &&
      (what.startsWith('answer') || what === 'events' || what === 'callbacks' || what === 'around'),
  },
];

function privately(cacheControl: string): string {
  const rest = cacheControl.split(/\s*,\s*/).filter((one) => !/^(public|private|s-maxage=.*)$/i.test(one));
  return /public|s-maxage/i.test(cacheControl) ? ['private', ...rest].join(', ') : cacheControl;
}

function asDecoded(bare: Transcript, { method }: Program): Transcript {
  const [first, ...rest] = bare.answers;
  if (first === undefined) return bare;
  const headers = first.headers.filter(([name]) => !/^content-(encoding|length)$/.test(name));
  const body = bodyOf(Buffer.from(method === 'HEAD' ? '' : decoded));
  return {
    ...bare,
    answers: [{ ...first, headers, body, complete: true }, ...rest],
    connection: bare.connection.split(',')[0] ?? '',
  };
}

/** Steps of which something goes on beside those that follow. */
const beside = /^(try )?(pipe|sendFile|download|serveStatic)/;

/**
 * The steps, as far as a wait makes no difference to them: an answer that waits is flushed later, and what goes on beside the
 * steps, as a pipe does, is met at another point after a tick.
 */
function soon(lines: string, { program }: Given): string {
  const tick = program.steps.findIndex(
    (step, at) => /tick/.test(step) && program.steps.slice(0, at).some((one) => beside.test(one)),
  );
  return (tick < 0 ? lines.split('\n') : lines.split('\n').slice(0, tick))
    .map((line) => line.replace('| true |', '| false |').replace(' destroyed', ''))
    .join('\n');
}

const withoutClose = (events: string) =>
  events
    .split('\n')
    .filter((line) => !line.startsWith('close'))
    .join('\n');

function withoutDrain(events: string): string {
  return events
    .split('\n')
    .filter((line) => !line.startsWith('drain'))
    .join('\n')
    .replaceAll(/flushed=\w+/g, '');
}

import { type Exception, type Given, takesStep, waited } from './exception.ts';
import { names } from './lines.ts';

/** Steps after which an answer goes on by itself, and steps that write to it. */
const goesOn = /^(try )?(pipe|download|serveStatic|streamFile|send.*(File|Stream))/;
const writes = /^(try )?(end|destroy|json|send|write|pipe|redirect|download|serveStatic|raw|return|stream)/;

const isEmptyBody = (body: string) => JSON.parse(body).length === 0;
const withoutDrains = (events: string) => events.replaceAll(/^drain .*\n/gm, '');
/** Lines without what became of a write, and without how much was seen of it. */
const withoutWrites = (lines: string) =>
  lines.replaceAll(/^write( failed.*)?$/gm, 'write').replaceAll(/^seen \| \d+/gm, 'seen');
const sorted = (lines: string) => lines.split('\n').sort().join('\n');
/** A connection without what is behind an answer on it. */
const withoutSurplus = (connection: string) => connection.split(', with surplus', 1)[0];
const beforeLeave = (lines: string) => lines.split(/^(?:try )?leave/m)[0];

function isRace({ program, runs }: Given): boolean {
  const { framework, session, opens, style, steps, around } = program;
  const hasThrown = runs.bare.handler.some((line) => line.includes('| threw '));
  // Fastify answers once more where a handler throws, or its promise has brought nothing, and what was sent still waits for a hook.
  const isPromised = hasThrown || style === 'async' || (session !== 'none' && opens === 'inside');
  const isSlow = framework === 'fastify' && around.includes('slow payload hook inside');
  const isSent = steps.some((step) => /^(try )?send/.test(step));
  if (isPromised && isSlow && isSent) return true;
  const first = steps.findIndex((step) => goesOn.test(step));
  if (first < 0) return false;
  return (
    hasThrown || steps.some((step, at) => at !== first && (writes.test(step) || /^(try )?next/.test(step)))
  );
}

/** What is chance, with hallpass and without. */
export const ofChance: readonly Exception[] = [
  {
    sentence: 'Whether a client sees a connection closed or reset depends on what was on its way.',
    explains: ({ what, bare, hallpass }) =>
      what === 'connection' &&
      [withoutSurplus(bare), withoutSurplus(hallpass)].sort().join() === 'closed,reset' &&
      bare.replace(/^\w+/, '') === hallpass.replace(/^\w+/, ''),
  },
  {
    sentence:
      'A server that closes a connection with something unread on it resets it, and what was sent may be lost with that.',
    explains: ({ what }, { program, runs }) =>
      program.upload === 'parts' &&
      (runs.hallpass.connection === 'reset' || runs.bare.connection === 'reset') &&
      // HTTP/1.0 does not tell a body that broke off.
      (/^(connection|listeners|answers|answer [12]: complete)$/.test(what) ||
        (program.client === 'old' && what === 'answer 1: body')),
  },
  {
    sentence: 'Of two answers to one request that are both under way, which comes first is chance.',
    explains: ({ what, hallpass }, given) =>
      isRace(given) && (what === 'crashes' ? hallpass === '' : !/^(broken|warnings|resources)$/.test(what)),
  },
  {
    sentence: 'Compression writes when it is done, and what was destroyed meanwhile may have got it or not.',
    explains: ({ what }, { program, runs }) =>
      /^(events|handler|around)$/.test(what) &&
      runs.bare.events.some((line) => line.startsWith('close') && line.includes('flushed=false')) &&
      program.around.some((name) => name.startsWith('compression')),
  },
  {
    sentence: 'What is ended under compression has ended when that is done: after a turn, or not yet.',
    explains: ({ what, bare, hallpass }, { program: { around, steps } }) =>
      what === 'handler' &&
      around.some((name) => name.startsWith('compression')) &&
      steps.some((step) => /tick/.test(step)) &&
      bare.replaceAll('sent ended', 'sent open') === hallpass.replaceAll('sent ended', 'sent open'),
  },
  {
    sentence: 'How often a large answer has to wait for its connection is chance.',
    explains: ({ what, bare, hallpass }) =>
      what === 'events' && /^drain/m.test(bare) && withoutDrains(bare) === withoutDrains(hallpass),
  },
  {
    sentence: 'Over HTTP/2, whether what is destroyed a turn after its end has gone out whole is chance.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'http2' &&
      /^answer [12]: complete$/.test(what) &&
      runs.bare.answers.some(({ complete }) => !complete) &&
      runs.bare.handler.some((line) => line.includes('ended')),
  },
  {
    sentence:
      'Over HTTP/2, what was written just before its stream was closed with a code may have gone out or not.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'http2' &&
      program.steps.some((step) => /streamClose/.test(step)) &&
      /^(callbacks|events|answer 1: complete)$/.test(what) &&
      runs.hallpass.answers.some(({ complete }) => !complete),
  },
  {
    sentence:
      'A stream that fails while a slow hook of Fastify holds it fails with nobody listening, or after it.',
    explains: ({ what, bare, hallpass }, { program: { around, steps } }) =>
      around.includes('slow payload hook inside') &&
      steps.some((step) => /Missing|Broken|Breaks/.test(step)) &&
      (what === 'crashes'
        ? /: (ENOENT|Error: (broken|breaks))$/.test(bare + hallpass)
        : !/^(broken|warnings|resources)$/.test(what)),
  },
  {
    sentence: 'What was written just before its connection was destroyed may have gone out or not.',
    explains: ({ what, bare, hallpass }, { program, runs }) =>
      (what === 'callbacks' || what === 'handler'
        ? withoutWrites(bare) === withoutWrites(hallpass)
        : // HTTP/1.0 does not tell a body that broke off.
          (program.client === 'old' && what === 'answer 1: body' && isEmptyBody(bare)) ||
          (runs.hallpass.answers.length === runs.bare.answers.length + 1 &&
            (what === 'answers' || (what === 'connection' && withoutSurplus(hallpass) === bare)))) &&
      runs.bare.events.some((line) => line.startsWith('close') && line.includes('flushed=false')),
  },
  {
    sentence:
      'An answer that is destroyed closes before its error handlers end it, or after, and before the next turn, or in it.',
    explains: ({ what, bare, hallpass }, { program: { steps }, runs }) =>
      what === 'events' &&
      steps.some((step) => /destroy/i.test(step)) &&
      ((names(bare) === names(hallpass) && steps.some((step) => /tick/.test(step))) ||
        steps.some((step) => /^(try )?next/.test(step)) ||
        runs.bare.handler.some((line) => line.includes('| threw ') && !line.startsWith('try '))),
  },
  {
    sentence: 'A logger of Fastify that waits for the end of an answer sees a status that was said after it.',
    explains: ({ what, bare, hallpass }, given) =>
      given.program.framework === 'fastify' &&
      given.program.style === 'detached' &&
      waited(given) &&
      what === 'around' &&
      bare.replaceAll(/^log: \d+/gm, 'log:') === hallpass.replaceAll(/^log: \d+/gm, 'log:'),
  },
  {
    sentence: 'A status that is set after the end counts to a function of the cloud that has not yet looked.',
    explains: ({ what }, { program: { framework, steps } }) =>
      /codegenie|serverless/.test(framework) &&
      what === 'answer 1: status' &&
      steps.filter((step) => writes.test(step)).length > 1,
  },
  {
    sentence: 'Of two requests that come at once, which is served first is chance.',
    explains: ({ what, bare, hallpass }, { program: { client, steps } }) =>
      client === 'pipelined' &&
      ((what.startsWith('answer 2: ') && steps.some((step) => /Shared/.test(step))) ||
        (what === 'around' && sorted(bare) === sorted(hallpass))),
  },
  {
    sentence:
      'Over HTTP/2, a body that is longer than it says ends its whole connection: an answer beside it comes before one that waits, and not before one that is sent.',
    explains: ({ what, bare }, given) =>
      given.program.framework === 'http2' &&
      given.program.client === 'pipelined' &&
      takesStep(given, /contentLength/) &&
      waited(given) &&
      what === 'answer 2: complete' &&
      bare === 'false',
  },
  {
    sentence: 'How long fetch keeps a timer for its next call is its own.',
    explains: ({ what, hallpass }, given) =>
      what === 'resources' && hallpass === 'Timeout' && takesStep(given, /Fetched/),
  },
  {
    sentence: 'Whether a client leaves before a stream has failed, or after, is chance.',
    explains: ({ what, bare, hallpass }, { program: { steps }, runs }) =>
      runs.hallpass.connection === 'left' &&
      steps.some((step) => /(Broken|Breaks|Missing)$/.test(step)) &&
      ((what === 'handler' && beforeLeave(bare) === beforeLeave(hallpass)) ||
        (what === 'streams' && /^(broken|breaks|missing)$/.test(hallpass)) ||
        (what === 'crashes' && bare.endsWith(': ERR_HTTP2_INVALID_STREAM') && hallpass === '')),
  },
  {
    sentence: 'A client that leaves gets more of an answer that comes at once than of one that waits.',
    explains: ({ what }, { runs }) =>
      runs.hallpass.connection === 'left' && /^(answer|events$|callbacks$|around$)/.test(what),
  },
];

import { type Exception, type Given, stepsInOrder, takesStep, waited } from './exception.ts';
import { isReplaced } from './failed-commits.ts';
import { isFunction } from './functions.ts';
import { beforeWaits, isSameIn } from './lines.ts';
import { isOfBreak, isOfFailure, isRace, ofRace } from './races.ts';

/** Lines without what became of a write, and without how much was seen of it. */
const withoutWrites = (lines: string) =>
  lines.replaceAll(/^write( failed.*)?$/gm, 'write').replaceAll(/^seen \| \d+/gm, 'seen');
/** True for what stands where a status should: the rest of a body that is longer than it says. */
const isNoStatus = (text: string) => text !== '' && !/^\d{3}\b/.test(text);
const withoutDrains = (events: string) => events.replaceAll(/^drain .*\n/gm, '');
/** A connection without what is behind an answer on it. */
const withoutSurplus = (connection: string) => connection.split(', with surplus', 1)[0];
const beforeLeave = (lines: string) => lines.split(/^(?:try )?leave/m)[0];

const untilClose = (lines: string) => lines.split(/^(?:try )?streamClose/m)[0];

/** What was noted round an answer, without how far that came. */
const withoutEnds = (lines: string) =>
  lines
    .replaceAll(
      /^(ended with|log|_writeRaw|error handler: (?:FST_ERR_REP_RESPONSE_BODY_CONSUMED|Error: Can't set headers after))\b.*\n?/gm,
      '',
    )
    .trimEnd();

/** True where one of them gives its head only when its file has been opened. */
const opensFile = (given: Given) => takesStep(given, /streamFile/);

/**
 * True for what Node makes of such a program without hallpass, too, where it waits a little less: a pipe that still writes behind an
 * end, the error of a file whose stream has been destroyed before that was opened, and a second answer that Fastify cannot send.
 */
const isOwnCrash = (crash: string, given: Given) =>
  (crash === 'uncaught exception: ERR_STREAM_WRITE_AFTER_END' &&
    stepsInOrder(
      given.program,
      /^(try )?(pipe|rawPipe)/,
      /^(try )?(readBody|seen|pause|tick|finish|writeUntilFull)/,
    ) &&
    takesStep(given, /^(try )?(end|json|send|writeUntilFull)/)) ||
  (crash.endsWith(': FST_ERR_REP_RESPONSE_BODY_CONSUMED') && takesStep(given, /UsedResponse|AndRead/)) ||
  (/^uncaught exception: ERR_HTTP2_(INVALID_STREAM|HEADERS_SENT)$/.test(crash) &&
    takesStep(given, /^(try )?streamFileMissing/));

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
    explains: ({ what, bare, hallpass }, { program, runs }) =>
      program.upload === 'parts' &&
      (runs.hallpass.connection === 'reset' || runs.bare.connection === 'reset') &&
      // HTTP/1.0 does not tell a body that broke off.
      (/^(connection|listeners|answers|answer [12]: complete)$/.test(what) ||
        // Which bytes those are.
        (what === 'around' && isSameIn(['(?!_writeRaw)'], bare, hallpass)) ||
        (program.client === 'old' && what === 'answer 1: body') ||
        // Of an answer that takes the place of the handler's, too.
        (isReplaced({ program, runs }) &&
          (/^(events|streams|callbacks|around)$/.test(what) ||
            (what === 'handler' && beforeWaits(bare, program) === beforeWaits(hallpass, program))))),
  },
  {
    sentence: 'Of two answers to one request that are both under way, how far each comes is chance.',
    explains: ({ what, bare, hallpass }, given) =>
      // A function of the cloud, and a file of HTTP/2, take a little longer once the session was read.
      (waited(given) || ((isFunction(given) || opensFile(given)) && given.runs.hallpass.used)) &&
      isRace(given) &&
      (ofRace.test(what) ||
        (what === 'answer 2: status' && [bare, hallpass].every(isNoStatus)) ||
        ((opensFile(given) || isOfFailure(given)) && /^answer 1: (status|header )/.test(what)) ||
        (what === 'around' && (isReplaced(given) || withoutEnds(bare) === withoutEnds(hallpass))) ||
        (what === 'crashes' && (hallpass === '' || isOwnCrash(hallpass, given)))),
  },
  {
    sentence: 'Compression writes when it is done, and what was destroyed meanwhile may have got it or not.',
    explains: ({ what }, { program, runs }) =>
      /^(events|handler|around)$/.test(what) &&
      runs.bare.events.some((line) => line.startsWith('close') && line.includes('flushed=false')) &&
      program.around.some((name) => name.startsWith('compression')),
  },
  {
    sentence: 'Over HTTP/2, whether what is destroyed a turn after its end has gone out whole is chance.',
    explains: ({ what }, { program, runs }) =>
      program.framework === 'http2' &&
      /^answer [12]: complete$/.test(what) &&
      (runs.bare.answers.some(({ complete }) => !complete) ||
        program.steps.some((step) => /destroy|streamClose/.test(step))) &&
      runs.bare.handler.some((line) => line.includes('ended')),
  },
  {
    sentence:
      'Over HTTP/2, what is written just before its stream is closed with a code, or about when its handler destroys the connection, may go out or not.',
    explains: ({ what, bare, hallpass }, { program, runs }) =>
      program.framework === 'http2' &&
      program.steps.some((step) => /streamClose|destroySocket/.test(step)) &&
      (what === 'answer 1: body' ||
        (what === 'handler' && untilClose(bare) === untilClose(hallpass)) ||
        // How soon its client hears of that.
        (/^(callbacks|connection|listeners)$/.test(what) &&
          program.steps.some((step) => /destroySocket/.test(step))) ||
        (/^(callbacks|events|answer 1: complete)$/.test(what) &&
          runs.hallpass.answers.some(({ complete }) => !complete))),
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
      // HTTP/1.0 does not tell a body that broke off.
      ((program.client === 'old' && /^(answers$|answer 1: )/.test(what)) ||
        (/^(callbacks|handler)$/.test(what) && withoutWrites(bare) === withoutWrites(hallpass))) &&
      runs.bare.events.some((line) => line.startsWith('close') && line.includes('flushed=false')),
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
    sentence: 'How often a long stream waits for its reader is chance.',
    explains: ({ what, bare, hallpass }, given) =>
      what === 'events' &&
      takesStep(given, /large|endless|untilFull/i) &&
      [bare, hallpass].every((events) => events.includes('drain ')) &&
      withoutDrains(bare) === withoutDrains(hallpass),
  },
  {
    sentence:
      'Over HTTP/2, where an empty string is written among others, Node sends as many octets as were written, and not always those.',
    explains: ({ what, bare, hallpass }, given) =>
      given.program.framework === 'http2' &&
      what === 'answer 1: body' &&
      takesStep(given, /^(try )?writeNothing$/) &&
      JSON.parse(bare).length === JSON.parse(hallpass).length,
  },
  {
    sentence:
      'Where a handler or a client ends the connection of an answer that waits, how far that comes, and who hears of it when, is chance.',
    explains: isOfBreak,
  },
  {
    sentence: 'How long fetch keeps a timer for its next call is its own.',
    explains: ({ what, hallpass }, given) =>
      what === 'resources' && hallpass === 'Timeout' && takesStep(given, /Fetched/),
  },
];

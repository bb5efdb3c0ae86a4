import { publicSuffixes } from '../jar/index.ts';
import { readArguments } from './arguments.ts';
import { type Command, Failure, type Io, Misuse } from './command.ts';
import { findChromium, startChromium } from './doctor/chromium.ts';
import { compare, type Diagnosis } from './doctor/compare.ts';
import { startGuardProxy } from './doctor/guard-proxy.ts';
import { placeOf, Recorder } from './doctor/recorder.ts';
import { type Step, takeSteps } from './doctor/steps.ts';
import { readFileText } from './input.ts';
import { explainHint, print, printJson } from './terminal.ts';
import { readUrl } from './url.ts';

const usage = `hallpass doctor URL [URL …] [--steps FILE] [--json]

Opens the URLs in Chromium, one after the other, and lays what it did not keep
or send, and why, beside our own verdicts, with what to do about it.

  --steps FILE     what to do after that, a line each: visit URL, click
                   SELECTOR, fill SELECTOR VALUE; '-' is standard input
  --allow URL      an origin that the pages may reach wherever it lies, as an
                   API on another port of this machine; more than once, too
  --browser FILE   the browser (default: Chromium, Chrome or Edge in PATH)
  --insecure       takes any certificate
  --json           the same as data

The browser has a profile of its own, which is thrown away. What was typed may
lie anywhere; what it leads to has to be a public address, or is refused. A step
has 20 s. What popups and service workers ask for is not looked at.

Exit: 0 every cookie got where it should, 1 one did not or a failure, 2 a wrong
command line. No cookie's value is ever printed.
`;

const options = {
  steps: { type: 'string' },
  allow: { type: 'string', multiple: true },
  browser: { type: 'string' },
  insecure: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const doctor: Command = {
  usage,
  options,

  async run(args, io) {
    const { values, positionals } = readArguments(args, options);
    const typed = positionals.map((url) => readUrl('URL', url));
    const written = values.steps === undefined ? '' : await readFileText('--steps', values.steps, io);
    const steps = [...typed.map((url): Step => ({ kind: 'visit', url })), ...readSteps(written)];
    if (steps[0]?.kind !== 'visit') throw new Misuse('doctor takes a URL to begin with.');
    const file = findChromium(values.browser, io);
    const visited = steps.flatMap((step) => (step.kind === 'visit' ? [step.url] : []));
    const allowed = [...visited, ...(values.allow ?? []).map((url) => readUrl('--allow', url))];
    const typedPlaces = new Set(allowed.map(placeOf));
    const { diagnoses, requests, refused, unreached } = await examine(
      steps,
      typedPlaces,
      file,
      values.insecure === true,
      io,
    );
    if (values.json) printJson(io, { requests, cookies: diagnoses, refused, unreached });
    else print(io, textOf(diagnoses, requests, refused, unreached));
    return diagnoses.length === 0 ? 0 : 1;
  },
};

async function examine(
  steps: readonly Step[],
  typed: ReadonlySet<string>,
  file: string,
  insecure: boolean,
  io: Io,
) {
  const proxy = await startGuardProxy(typed);
  try {
    const chromium = await startChromium(file, { proxy: proxy.url, insecure });
    const recorder = new Recorder();
    try {
      await takeSteps(chromium.devTools, steps, recorder, io.signal);
    } catch (error) {
      if (io.signal?.aborted) throw new Failure('Interrupted.');
      const [where, why] = [...proxy.unreached].find(([place]) => typed.has(place)) ?? [];
      if (where !== undefined) throw new Failure(`${where} ${why}.`);
      if (error instanceof Failure) throw error;
      throw new Failure(error instanceof Error ? error.message : 'The browser failed.');
    } finally {
      await chromium.close();
    }
    const { observed, places } = recorder;
    return {
      diagnoses: compare(observed, publicSuffixes),
      requests: observed.length,
      // The browser has errands of its own, which are refused or not, and nobody's business.
      refused: [...proxy.refused].filter((place) => places.has(place)),
      unreached: [...proxy.unreached].flatMap(([place, why]) => (places.has(place) ? [{ place, why }] : [])),
    };
  } finally {
    await proxy.close();
  }
}

function readSteps(text: string): Step[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, verb, first = '', rest = ''] = /^(\w+) +(\S+)(?: +(.*))?$/.exec(line) ?? [];
    if (verb === 'visit') return { kind: 'visit', url: readUrl('A step to visit', first) };
    if (verb === 'click') return { kind: 'click', selector: `${first}${rest === '' ? '' : ` ${rest}`}` };
    if (verb === 'fill') return { kind: 'fill', selector: first, value: rest };
    throw new Misuse('--steps has a line that is not visit, click or fill.');
  });
}

function textOf(
  diagnoses: readonly Diagnosis[],
  requests: number,
  refused: readonly string[],
  unreached: readonly { readonly place: string; readonly why: string }[],
): string {
  const count = `requests: ${requests}, cookies that did not get there: ${diagnoses.length}`;
  const away = refused.map((place) => `refused, not a public address: ${place}\n`).join('');
  const lost = unreached.map(({ place, why }) => `${place} ${why}\n`).join('');
  const hint = explainHint(diagnoses.flatMap(({ hallpass }) => hallpass));
  return `${diagnoses.map(textOfDiagnosis).join('\n')}${away}${lost}${count}${hint}`;
}

function textOfDiagnosis({ name, when, method, url, chromium, hallpass, sentence, fix }: Diagnosis): string {
  const what = when === 'set' ? 'not kept from' : 'not sent with';
  const list = (words: readonly string[]) => (words.length === 0 ? '-' : words.join(', '));
  return `${name || '(nameless)'}  ${what} ${method} ${url}
  Chromium  ${list(chromium)}
  hallpass  ${list(hallpass)}
  why       ${sentence}
  fix       ${fix}
`;
}

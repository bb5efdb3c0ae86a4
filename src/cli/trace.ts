import { writeFile } from 'node:fs/promises';
import { CallError, type Trace, traceOf } from '../client/index.ts';
import type { Verdict } from '../index.ts';
import type { CookieJar } from '../jar/index.ts';
import { readArguments } from './arguments.ts';
import { type Command, Failure, Misuse } from './command.ts';
import { openClient, readRequest, requestOptions, requestUsage } from './request.ts';
import { explainHint, print, printJson } from './terminal.ts';

const usage = `hallpass trace URL [-X METHOD] [-d TEXT] [-H 'Name: value'] [--bearer TOKEN]
              [--jar FILE] [--har FILE] [--json] …

Sends a request, follows its redirects, and prints for every hop which secret
was sent or withheld, and why; then the cookies that are in the jar.

${requestUsage}  --har FILE          writes the trace as a HAR file, for browsers' tools;
                      values are blacked out
  --json              the same as data

Exit: 0 the chain ended in an answer, 1 it did not, 2 a wrong command line. No
secret's value is ever printed. hallpass why CODE tells more of a code in [ ].
`;

const options = { ...requestOptions, har: { type: 'string' }, json: { type: 'boolean' } } as const;

export const trace: Command = {
  usage,
  options,

  async run(args, io) {
    const given = readArguments(args, options);
    const { json, har } = given.values;
    const request = await readRequest(given, io);
    try {
      await using opened = await openClient(request);
      const { client, jar } = opened;
      const report = async (trace: Trace, failure?: CallError) => {
        const error = failure && { error: { code: failure.code, message: failure.message } };
        if (json) printJson(io, { ...trace.toJSON(), jar: inJar(jar), ...error });
        else print(io, `${trace}${bareText(trace)}${jarText(jar)}${explainHint(codesOf(trace))}`);
        if (har !== undefined) await saveHar(har, trace);
      };
      try {
        const response = await client.fetch(request.url, request.init);
        await report(traceOf(response));
        await response.body?.cancel();
        return 0;
      } catch (error) {
        if (io.signal?.aborted) return 1;
        if (!(error instanceof CallError)) throw error;
        await report(error.trace, error);
        throw new Failure(error.message);
      }
    } catch (error) {
      if (error instanceof TypeError) throw new Misuse(error.message);
      throw error;
    }
  },
};

/** The codes that the table names, those first that decided most: what ended the call, what was refused, what was withheld or changed. */
function codesOf({ hops }: Trace): string[] {
  const codes = (verdicts: readonly { verdict: Verdict }[]) =>
    verdicts.flatMap(({ verdict }) => verdict.reasons.map(({ code }) => code as string));
  const withheld = (isCookie: boolean) =>
    hops.flatMap(({ secrets }) => codes(secrets.filter(({ kind }) => (kind === 'cookie') === isCookie)));
  return [
    ...hops.flatMap(({ error, stopped }) => error ?? stopped?.code ?? []),
    ...hops.flatMap(({ cookies }) => codes(cookies.set)),
    ...withheld(false),
    ...withheld(true),
    ...hops.flatMap(({ rewrites }) => rewrites.map(({ code }) => code)),
  ];
}

/** What a 401 may lack: where no verdict says so, because there was nothing to judge. */
function bareText({ hops }: Trace): string {
  const last = hops.at(-1);
  if (last?.status !== 401 || last.secrets.length > 0) return '';
  return '\nNo credential and no cookie went along: --bearer-env, --header-file or --jar brings one.';
}

/** The cookies that stayed: which, and where they may travel. */
const inJar = (jar: CookieJar) =>
  jar.all().map(({ name, domain, hostOnly, path }) => ({ name, domain, hostOnly, path }));

/** More than a person reads. */
const mostNamed = 20;

function jarText(jar: CookieJar): string {
  const cookies = inJar(jar);
  if (cookies.length === 0) return '';
  const named = cookies
    .slice(0, mostNamed)
    .map(({ name, domain, hostOnly }) => `${name || '(nameless)'} of ${hostOnly ? '' : '*.'}${domain}`);
  const more = cookies.length > mostNamed ? `, and ${cookies.length - mostNamed} more` : '';
  return `\nin the jar  ${named.join(', ')}${more}`;
}

async function saveHar(file: string, trace: Trace): Promise<void> {
  const text = `${JSON.stringify(trace.toHAR(), null, 2)}\n`;
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`--har: ${file} cannot be written (${error.code}).`);
  });
}

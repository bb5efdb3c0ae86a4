import { writeFile } from 'node:fs/promises';
import { bearer, CallError, type Credential, createClient, type Trace, traceOf } from '../client/index.ts';
import { openJar } from '../jar/file/index.ts';
import { isWeb } from '../scope/origin.ts';
import { compileScope } from '../scope/scope.ts';
import { type Command, Failure, type Io, Misuse, readArguments, wholeNumber } from './command.ts';

const usage = `hallpass trace URL [--bearer TOKEN [--for ORIGIN]…]… [-H 'Name: value']…
              [--jar FILE] [--har FILE] [--max N] [--json]

Follows the redirects of a GET and prints, for every hop, which secret was sent or withheld, and why.

  --bearer TOKEN      a bearer token; as several users can read a process list, rather:
  --bearer-env NAME   a bearer token, taken from this environment variable
  --for ORIGIN        where the token before it may travel: https://api.example.com, https://*.example.com
                      (default: the origin of URL)
  -H 'Name: value'    a header of this call (also --header); it belongs to the origin of URL
  --jar FILE          takes cookies from this jar, and keeps in it what answers set; made when it is not there
  --har FILE          writes the trace as a HAR file, for browsers' tools; values are blacked out
  --max N             the most redirects to follow (default 20)
  --json              the same as data

Exit: 0 the chain ended in an answer, 1 it did not, 2 a wrong command line. No secret's value is ever printed.
`;

export const trace: Command = {
  summary: 'follow redirects and tell which secret was sent or withheld at each hop, and why',
  usage,

  async run(args, io) {
    const { url, credentials, headers, max, json, jarFile, harFile } = readTrace(args, io.env);
    await using jar = jarFile === undefined ? undefined : await openJar(jarFile);
    const print = async (trace: Trace, failure?: CallError) => {
      const error = failure && { error: { code: failure.code, message: failure.message } };
      io.stdout.write(`${json ? JSON.stringify({ ...trace.toJSON(), ...error }, null, 2) : trace}\n`);
      if (harFile !== undefined) await saveHar(harFile, trace);
    };
    try {
      await using client = createClient({
        baseUrl: url.origin,
        credentials,
        redirect: { maxRedirects: max },
        ...(jar !== undefined && { jar }),
      });
      const response = await client.fetch(url, { headers, signal: io.signal ?? null });
      await print(traceOf(response));
      await response.body?.cancel();
      return 0;
    } catch (error) {
      if (io.signal?.aborted) return 1;
      if (error instanceof TypeError) throw new Misuse(error.message);
      if (!(error instanceof CallError)) throw error;
      await print(error.trace, error);
      io.stderr.write(`${error.message}\n`);
      return 1;
    }
  },
};

async function saveHar(file: string, trace: Trace): Promise<void> {
  await writeFile(file, `${JSON.stringify(trace.toHAR(), null, 2)}\n`).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Failure(`The file of --har cannot be written (${error.code}).`);
    },
  );
}

interface Asked {
  readonly url: URL;
  readonly credentials: Credential[];
  readonly headers: [name: string, value: string][];
  readonly max: number | undefined;
  readonly json: boolean;
  readonly jarFile: string | undefined;
  readonly harFile: string | undefined;
}

function readTrace(args: readonly string[], env: Io['env']): Asked {
  const { values, positionals, tokens } = readArguments(args, {
    bearer: { type: 'string', multiple: true },
    'bearer-env': { type: 'string', multiple: true },
    for: { type: 'string', multiple: true },
    header: { type: 'string', short: 'H', multiple: true },
    jar: { type: 'string' },
    har: { type: 'string' },
    max: { type: 'string' },
    json: { type: 'boolean' },
  });
  const url = readUrl(positionals);
  const bearers: { token: string; scopes: string[] }[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, value = '' } = token;
    if (name === 'bearer') bearers.push({ token: value, scopes: [] });
    else if (name === 'bearer-env') bearers.push({ token: readVariable(value, env), scopes: [] });
    else if (name === 'for') scopesOfLast(bearers).push(readScope(value));
  }
  return {
    url,
    credentials: bearers.map(({ token, scopes }) =>
      bearer(token, { for: scopes.length > 0 ? scopes : [url.origin] }),
    ),
    headers: (values.header ?? []).map(readHeader),
    max: values.max === undefined ? undefined : wholeNumber('--max', values.max, 0, 10_000),
    json: values.json === true,
    jarFile: values.jar,
    harFile: values.har,
  };
}

function readUrl(positionals: readonly string[]): URL {
  if (positionals.length !== 1) throw new Misuse('trace takes one URL.');
  const url = URL.parse(positionals[0] ?? '');
  if (url !== null && isWeb(url)) return url;
  throw new Misuse('URL is an absolute one of http or https.');
}

function readVariable(name: string, env: Io['env']): string {
  const token = env[name];
  if (token) return token;
  throw new Misuse('The environment variable that --bearer-env names is empty or not set.');
}

function scopesOfLast(bearers: readonly { scopes: string[] }[]): string[] {
  const last = bearers.at(-1);
  if (last !== undefined) return last.scopes;
  throw new Misuse('--for belongs to the --bearer or --bearer-env before it.');
}

function readScope(text: string): string {
  try {
    compileScope(text);
    return text;
  } catch {
    throw new Misuse('--for takes an origin, as https://api.example.com or https://*.example.com.');
  }
}

function readHeader(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new Misuse("-H takes a header, as 'Name: value'.");
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

import {
  bearer,
  type Client,
  type ClientOptions,
  type Credential,
  createClient,
  type Transport,
} from '../client/index.ts';
import { FileJar, openJar } from '../jar/file/index.ts';
import { CookieJar } from '../jar/index.ts';
import { isToken } from '../scope/http-syntax.ts';
import { compileScope } from '../scope/scope.ts';
import { type readArguments, wholeNumber } from './arguments.ts';
import { Failure, type Io, Misuse } from './command.ts';
import { readFileText, readOctets, readPiped, readVariable } from './input.ts';
import { readUrl } from './url.ts';

/** The options of the commands that send a request. */
export const requestOptions = {
  method: { type: 'string', short: 'X' },
  data: { type: 'string', short: 'd', multiple: true },
  'data-env': { type: 'string', multiple: true },
  'data-file': { type: 'string' },
  'data-json': { type: 'string' },
  header: { type: 'string', short: 'H', multiple: true },
  'header-env': { type: 'string', multiple: true },
  'header-file': { type: 'string', multiple: true },
  bearer: { type: 'string', multiple: true },
  'bearer-env': { type: 'string', multiple: true },
  'bearer-file': { type: 'string', multiple: true },
  for: { type: 'string', multiple: true },
  jar: { type: 'string' },
  'max-redirects': { type: 'string' },
  proxy: { type: 'string' },
  'secure-on-loopback': { type: 'boolean' },
} as const;

/** What a usage says of them. */
export const requestUsage = `  URL                 without a scheme it is https, and http on this machine:
                      localhost:3000
  -X, --method NAME   the method (default: GET, and POST with a body)
  -d, --data TEXT     a form as the body; several are joined with &
  --data-json TEXT    JSON as the body
  --data-file FILE    the body as it stands in the file; - is standard input.
                      Its type, here as with -d, is that of a form unless a
                      header says another
  -H, --header LINE   a header of this call, as 'Name: value'; what is secret
                      belongs to the origin of URL
  --bearer TOKEN      a bearer token
  --for ORIGIN        where the token before it may travel, several times if
                      need be: https://api.example.com, https://*.example.com
                      (default: the origin of URL)

Others can read a process list, so what is secret rather comes from elsewhere:

  --bearer-env NAME, --header-env NAME, --data-env NAME
                      the same from this environment variable
  --bearer-file FILE, --header-file FILE
                      the same from a file; a header a line

  --jar FILE          takes cookies from this jar, and keeps in it what answers
                      set; made when it is not there
  --secure-on-loopback
                      keeps and sends Secure cookies over http on this machine,
                      as Chromium and Firefox do and Safari does not
  --max-redirects N   the most redirects to follow (default: 20)
  --proxy URL|env     goes through this proxy; env: what HTTP_PROXY,
                      HTTPS_PROXY and NO_PROXY say. Needs the package undici
`;

/** What {@link readArguments} makes of a command line with these options, and perhaps others. */
interface Given {
  readonly values: ReturnType<typeof readArguments<typeof requestOptions>>['values'];
  readonly positionals: readonly string[];
  /** The options in their order: a `--for` belongs to the bearer before it. */
  readonly tokens: readonly {
    readonly kind: string;
    readonly name?: string;
    readonly value?: string | undefined;
  }[];
}

/** The call that a command line asks for. */
interface CliRequest {
  readonly url: URL;
  readonly init: RequestInit;
  readonly jarFile: string | undefined;
  readonly secureOnLoopback: boolean;
  readonly options: Pick<ClientOptions, 'credentials' | 'redirect' | 'transport'>;
}

/** @throws Misuse @throws Failure */
export async function readRequest({ values, positionals, tokens }: Given, io: Io): Promise<CliRequest> {
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new Misuse('One URL is needed, and no more.');
  const url = readUrl('URL', target);
  if (values.method !== undefined && !isToken(values.method)) throw new Misuse('--method is no HTTP method.');
  const headers = await readHeaders(values, io);
  const body = await readBody(values, headers, io);
  const max =
    values['max-redirects'] === undefined
      ? undefined
      : wholeNumber('--max-redirects', values['max-redirects'], 0, 10_000);
  return {
    url,
    init: {
      method: values.method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body: body ?? null,
      signal: io.signal ?? null,
    },
    jarFile: values.jar,
    secureOnLoopback: values['secure-on-loopback'] === true,
    options: {
      credentials: await readBearers(tokens, url, io),
      redirect: max === undefined ? {} : { maxRedirects: max },
      ...(values.proxy !== undefined && { transport: await throughProxy(values.proxy) }),
    },
  };
}

/** A client for one call, and its jar. */
interface OpenedClient extends AsyncDisposable {
  readonly client: Client;
  readonly jar: CookieJar;
}

/** @throws HallpassError for a jar that cannot be used @throws TypeError for a header or token that cannot be one */
export async function openClient(
  { url, jarFile, secureOnLoopback, options }: CliRequest,
  more: Pick<ClientOptions, 'hooks'> = {},
): Promise<OpenedClient> {
  const jar =
    jarFile === undefined
      ? new CookieJar({ secureOnLoopback })
      : await openJar(jarFile, { secureOnLoopback });
  const client = createClient({ baseUrl: url.origin, jar, ...options, ...more });
  const close = async () => {
    await client[Symbol.asyncDispose]();
    if (jar instanceof FileJar) await jar.flush();
  };
  return { client, jar, [Symbol.asyncDispose]: close };
}

async function readHeaders(values: Given['values'], io: Io): Promise<Headers> {
  const lines = (values.header ?? []).map((line, at) => ({ line, from: `--header, ${nth(at + 1)}` }));
  for (const name of values['header-env'] ?? [])
    lines.push({ line: readVariable('--header-env', name, io), from: `--header-env ${name}` });
  for (const file of values['header-file'] ?? []) {
    const text = await readFileText('--header-file', file, io);
    for (const [at, line] of text.split(/\r?\n/).entries())
      if (line.trim() !== '') lines.push({ line, from: `--header-file: ${file}, line ${at + 1}` });
  }
  const headers = new Headers();
  for (const { line, from } of lines) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    try {
      if (colon > 0) headers.append(name, value);
    } catch {
      throw new Misuse(`${from}: it has characters that no header can have.`);
    }
    if (colon < 1) throw new Misuse(`${from}: a header is written 'Name: value'.`);
  }
  return headers;
}

const nth = (count: number) => `the ${count}${['th', 'st', 'nd', 'rd'][count] ?? 'th'}`;

const form = 'application/x-www-form-urlencoded';

async function readBody(values: Given['values'], headers: Headers, io: Io): Promise<BodyInit | undefined> {
  const { 'data-file': file, 'data-json': json } = values;
  const fields = [...(values.data ?? [])];
  for (const name of values['data-env'] ?? []) fields.push(readVariable('--data-env', name, io));
  const ways = [fields.length > 0 || undefined, file, json].filter((way) => way !== undefined);
  if (ways.length > 1) throw new Misuse('A body is one of --data, --data-json and --data-file.');
  if (ways.length === 0) return undefined;
  if (!headers.has('content-type'))
    headers.set('content-type', json === undefined ? form : 'application/json');
  if (json !== undefined) return checkedJson(json);
  if (file === undefined) return fields.join('&');
  if (file === '-') return readPiped(io, 'pipe the body in');
  return readOctets('--data-file', file);
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new Misuse('--data-json is no JSON.');
  }
}

async function readBearers(tokens: Given['tokens'], url: URL, io: Io): Promise<Credential[]> {
  const bearers: { option: string; token: string; scopes: string[] }[] = [];
  for (const { kind, name, value = '' } of tokens) {
    if (kind !== 'option') continue;
    const option = `--${name}`;
    if (name === 'bearer') bearers.push({ option, token: value, scopes: [] });
    if (name === 'bearer-env')
      bearers.push({ option, token: readVariable('--bearer-env', value, io), scopes: [] });
    if (name === 'bearer-file') bearers.push({ option, token: await readToken(value, io), scopes: [] });
    if (name === 'for') scopesOfLast(bearers).push(readScope(value));
  }
  return bearers.map(({ option, token, scopes }) => {
    refuseNoToken(option, token);
    return bearer(token, { for: scopes.length > 0 ? scopes : [url.origin] });
  });
}

/** @throws Misuse that names the option and not the token */
function refuseNoToken(option: string, token: string): void {
  if (token === '') throw new Misuse(`${option} is empty.`);
  try {
    new Headers({ authorization: `Bearer ${token}` });
  } catch {
    throw new Misuse(`${option} is no token that a header can carry.`);
  }
}

/** What stands in the file, without the line's end. A token in place of the file is not repeated. */
async function readToken(file: string, io: Io): Promise<string> {
  const text = await readFileText('--bearer-file', file, io).catch((error: Misuse) => {
    throw new Misuse(error.message.replace(file, 'the file'));
  });
  const token = text.trim();
  if (token === '') throw new Misuse('--bearer-file: the file is empty.');
  return token;
}

function scopesOfLast(bearers: readonly { scopes: string[] }[]): string[] {
  const last = bearers.at(-1);
  if (last !== undefined) return last.scopes;
  throw new Misuse('--for belongs to the --bearer before it.');
}

function readScope(text: string): string {
  try {
    compileScope(text);
    return text;
  } catch {
    throw new Misuse('--for takes an origin, as https://api.example.com.');
  }
}

async function throughProxy(proxy: string): Promise<Transport> {
  const { undiciTransport } = await import('../client/undici/index.ts').catch(() => {
    throw new Failure('--proxy needs the package undici: npm install undici.');
  });
  try {
    return undiciTransport({ proxy });
  } catch (error) {
    throw new Misuse(`--proxy: ${(error as Error).message}`);
  }
}

import { Failure, Misuse } from '../command.ts';

/** A request as its author wrote it, with placeholders. */
export interface PlannedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** A form or JSON, as text. */
  readonly body: string | undefined;
  readonly isJson: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A request without placeholders. */
export interface FilledRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** What stands for a placeholder; undefined for one that nothing has given yet. */
type Values = (name: string) => string | undefined;

/** `{value}`, `{field}`, `{env:NAME}` and the names that are taken from answers. A brace of JSON is followed by something else. */
const placeholder = /\{([A-Za-z]\w*(?::\w+)?)\}/g;

/** A request on one line: `GET /me`, `POST /login user=ada&password={env:PASSWORD}`, `PUT /cart {"add":"{value}"}`. @throws Misuse */
export function readRequestLine(option: string, line: string): PlannedRequest {
  const found = /^(?:([A-Z]{3,10})\s+)?(\/\S*)(?:\s+(\S.*))?$/s.exec(line.trim());
  if (found === null) throw new Misuse(`${option} takes a request on one line: 'POST /path a=1&b=2'.`);
  const [, method, path = '/', body] = found;
  if (/^\/[/\\]/.test(path)) throw new Misuse(`${option} names another host: its path begins with one /.`);
  return {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path,
    body,
    isJson: body !== undefined && isJsonBody(body),
    headers: [],
  };
}

/** The names of all placeholders in it. */
export function placeholdersOf({ path, body = '', headers }: PlannedRequest): string[] {
  const text = [path, body, ...headers.map(([, value]) => value)].join('\n');
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** @throws Failure that names a placeholder without a value */
export function fill(planned: PlannedRequest, values: Values): FilledRequest {
  const put = (text: string, encode: (value: string) => string) =>
    text.replaceAll(placeholder, (_, name: string) => {
      const value = values(name);
      if (value === undefined)
        throw new Failure(
          `Nothing has given {${name}} when ${nameOf(planned)} is sent: say in "start" where it stands.`,
        );
      return encode(value);
    });
  const { method, isJson } = planned;
  const inJson = (value: string) => JSON.stringify(value).slice(1, -1);
  const body = planned.body && put(planned.body, isJson ? inJson : encodeURIComponent);
  const headers: Record<string, string> = {};
  if (body !== undefined)
    headers['content-type'] = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  for (const [name, value] of planned.headers) headers[name.toLowerCase()] = put(value, (raw) => raw);
  return { method, path: put(planned.path, encodeURIComponent), headers, body };
}

/** How reports name a request: as it was written, without its body and query. */
export function nameOf({ method, path }: PlannedRequest): string {
  return `${method} ${path.split('?', 1)[0]}`;
}

/** True for what is JSON once its placeholders are strings or numbers. */
function isJsonBody(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  try {
    JSON.parse(text.replaceAll(placeholder, '0'));
    return true;
  } catch {
    return false;
  }
}

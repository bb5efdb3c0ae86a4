import type { Answer, Transcript } from '../transcript.ts';

type Headers = Answer['headers'];

/** The same with other headers on the program's own answer. */
export function withHeaders(bare: Transcript, change: (headers: Headers) => Headers): Transcript {
  const [first, ...rest] = bare.answers;
  return first === undefined
    ? bare
    : { ...bare, answers: [{ ...first, headers: change(first.headers) }, ...rest] };
}

export function headerOf(headers: Headers, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

export function replaceHeader(headers: Headers, name: string, value: string): Headers {
  return [...headers.filter(([key]) => key.toLowerCase() !== name), [name, value]];
}

export function addToVary(headers: Headers, ...names: string[]): Headers {
  const present = headerOf(headers, 'vary');
  const list = present?.split(', ') ?? [];
  const missing = names.filter(
    (name) => !list.some((one) => one === '*' || one.toLowerCase() === name.toLowerCase()),
  );
  return missing.length === 0 ? headers : replaceHeader(headers, 'vary', [...list, ...missing].join(', '));
}

/** What a handler's Cache-Control becomes where the answer is its visitor's alone. */
export function privately(cacheControl: string | undefined): string {
  if (cacheControl === undefined) return 'private, no-store';
  const rest = cacheControl.split(/\s*,\s*/).filter((one) => !/^(public|s-maxage=.*)$/i.test(one));
  return rest.some((one) => /^(private|no-store)$/i.test(one))
    ? rest.join(', ')
    : ['private', ...rest].join(', ');
}

/** A header as it came, in the order of the message. */
export type RecordedHeader = readonly [name: string, value: string];

/** One request and its answer, as somebody wrote them down: a HAR file, or what curl -v prints. */
export interface RecordedExchange {
  /** Undefined when nobody said where the answer came from. */
  readonly url?: URL;
  /** Default: GET. */
  readonly method?: string;
  /** Undefined when no answer came. */
  readonly status?: number;
  /** Milliseconds since 1970; undefined when nobody said. */
  readonly time?: number;
  readonly requestHeaders?: readonly RecordedHeader[];
  readonly responseHeaders?: readonly RecordedHeader[];
}

/** The lines of a header, by its lower-case name. */
export function linesOf(headers: readonly RecordedHeader[] | undefined, name: string): string[] {
  return (headers ?? []).filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
}

/** A header as one text, its lines joined as HTTP joins them; `undefined` when it did not come. */
export function headerOf(
  headers: readonly RecordedHeader[] | undefined,
  name: string,
  joint = ', ',
): string | undefined {
  const lines = linesOf(headers, name);
  return lines.length === 0 ? undefined : lines.join(joint);
}

/** The members of a header that is a list, in lower case. */
export function membersOf(headers: readonly RecordedHeader[] | undefined, name: string): string[] {
  const text = headerOf(headers, name) ?? '';
  return text
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

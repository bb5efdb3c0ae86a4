/** An answer as its client got it. */
export interface Answer {
  /** Informational answers before it, each with its headers. */
  readonly interim: readonly string[];
  /** `200 OK`; of HTTP/2 `200`. */
  readonly status: string;
  /** In their order, as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Body;
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** False when it broke off. */
  readonly complete: boolean;
}

/** Octets, short enough to be shown. */
export interface Body {
  readonly length: number;
  readonly start: string;
  readonly digest: string;
}

/** All that can be seen of one run of one program. */
export interface Transcript {
  /** A line for each step: what came of it, and what the response said of itself then. */
  readonly handler: string[];
  /** What the response emitted. */
  readonly events: string[];
  /** Callbacks of writes, in the order they were called. */
  readonly callbacks: string[];
  /** What loggers, listeners of the head and error handlers saw. */
  readonly around: string[];
  answers: Answer[];
  /** What became of the connection: the server left it open, closed it, or broke it. */
  connection: string;
  /** True when the handler asked for what hallpass gives. */
  used: boolean;
  /** True when the framework itself says that the handler failed. */
  failed: boolean;
  /** What would have ended the process. */
  readonly crashes: string[];
  /** Warnings of the process. */
  readonly warnings: string[];
  /** Streams that nobody read to their end or destroyed. */
  streams: string[];
  /** What listens to the connections that are still open. */
  listeners: string[];
  /** What keeps the process busy when all is over. */
  resources: string[];
  /** What the session was promised and did not get. */
  broken: string[];
}

export function emptyTranscript(): Transcript {
  return {
    handler: [],
    events: [],
    callbacks: [],
    around: [],
    answers: [],
    connection: 'open',
    used: false,
    failed: false,
    crashes: [],
    warnings: [],
    streams: [],
    listeners: [],
    resources: [],
    broken: [],
  };
}

/** A transcript as lines to read. */
export function writeTranscript(transcript: Transcript): string[] {
  const { handler, events, callbacks, around, answers, connection, crashes, warnings, broken } = transcript;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
  return [
    ...list('crash', crashes),
    ...list('steps', handler),
    ...list('callbacks', callbacks),
    ...list('response', events),
    ...list('around', around),
    ...answers.flatMap((answer) => list('answer', writeAnswer(answer))),
    `connection: ${connection}`,
    ...list('warnings', warnings),
    ...list('streams left', transcript.streams),
    ...list('sockets left', transcript.listeners),
    ...list('resources left', transcript.resources),
    ...list('session', broken),
  ];
}

function writeAnswer({ interim, status, headers, body, trailers, complete }: Answer): string[] {
  return [
    ...interim,
    status,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `${body.length} octets ${JSON.stringify(body.start)}`,
    ...trailers.map(([name, value]) => `trailer ${name}: ${value}`),
    ...(complete ? [] : ['(broke off)']),
  ];
}

import { createHash } from 'node:crypto';

/*
 * A sequence is what one window of a browser is led through: visits to pages that set cookies, ask for things and write cookies of
 * their own. Its URLs and lines hold `{a}` and the like instead of hosts, so that every run gives each sequence hosts of its own.
 */

/** A request, the Set-Cookie lines of its answer, and where that leads on to. */
export interface Request {
  readonly url: string;
  /** Octets: a character each. */
  readonly set?: readonly string[];
  readonly redirect?: Request;
}

/** What a page does, one after the other. */
export type Act =
  | { readonly fetch: Request; readonly post?: true }
  | { readonly image: Request }
  | { readonly frame: Request; readonly acts?: readonly Act[] }
  /** `document.cookie = line` */
  | { readonly write: string }
  /** The page tells what `document.cookie` is. */
  | 'read';

/** A top-level navigation from the page before, by a link or by a form that posts. */
export interface Visit {
  readonly visit: Request;
  readonly post?: true;
  readonly acts?: readonly Act[];
}

export interface Sequence {
  readonly group: string;
  readonly title: string;
  readonly visits: readonly Visit[];
}

/** Short and by content: what is observed of a sequence holds for this very one. */
export function idOf({ visits }: Sequence): string {
  return createHash('sha256').update(JSON.stringify(visits)).digest('hex').slice(0, 10);
}

/** One thing that happens, in the order in which it does, and what is known of it beforehand. */
export interface Step {
  readonly kind: 'request' | 'read' | 'write';
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly navigation: boolean;
  /** The top-level page that it comes from, and the frames in it, the outermost first. */
  readonly page: string;
  readonly frames: readonly string[];
  /** What redirected here, the oldest first. */
  readonly before: readonly string[];
  readonly set: readonly string[];
  /** The step to which this one redirects. */
  readonly redirectsTo: number | undefined;
  /** What the page does that this one answers with; a number is the step that an act begins with. */
  readonly acts: readonly PageAct[] | undefined;
  /** For a document at the top: how the window goes on. */
  readonly next: { readonly step: number; readonly post: boolean } | undefined;
}

/** An act as a page gets it. */
export interface PageAct {
  readonly kind: 'fetch' | 'post' | 'image' | 'frame' | 'read' | 'write';
  readonly step: number;
  readonly line?: string;
}

/** The page from which a window sets out: of a site that no sequence knows. */
export const startPage = 'http://start.test/';

type Draft = { -readonly [Key in keyof Step]: Step[Key] };

/** Every step of a sequence. */
export function stepsOf({ visits }: Sequence): Step[] {
  const steps: Draft[] = [];
  const draft = (step: Pick<Draft, 'kind' | 'url' | 'page' | 'frames'> & Partial<Draft>): Draft => {
    const whole: Draft = {
      method: 'GET',
      navigation: false,
      before: [],
      set: [],
      redirectsTo: undefined,
      acts: undefined,
      next: undefined,
      ...step,
    };
    steps.push(whole);
    return whole;
  };
  /** The request and those that it is redirected to; gives the last of them. */
  const request = (from: Request, facts: Pick<Draft, 'page' | 'frames'> & Partial<Draft>): Draft => {
    const before: string[] = [];
    let method = facts.method ?? 'GET';
    for (let at: Request = from; ; ) {
      const step = draft({ ...facts, kind: 'request', url: at.url, method, before: [...before] });
      step.set = at.set ?? [];
      if (at.redirect === undefined) return step;
      step.redirectsTo = steps.length;
      before.push(at.url);
      method = 'GET';
      at = at.redirect;
    }
  };
  const perform = (acts: readonly Act[], page: string, frames: readonly string[]): PageAct[] =>
    acts.map((act): PageAct => {
      const step = steps.length;
      const at = { page, frames };
      const self = frames.at(-1) ?? page;
      if (act === 'read') {
        draft({ ...at, kind: 'read', url: self });
        return { kind: 'read', step };
      }
      if ('write' in act) {
        draft({ ...at, kind: 'write', url: self, set: [act.write] });
        return { kind: 'write', step, line: act.write };
      }
      if ('fetch' in act) {
        request(act.fetch, { ...at, method: act.post ? 'POST' : 'GET' });
        return { kind: act.post ? 'post' : 'fetch', step };
      }
      if ('image' in act) {
        request(act.image, at);
        return { kind: 'image', step };
      }
      const document = request(act.frame, at);
      document.acts = perform(act.acts ?? [], page, [...frames, document.url]);
      return { kind: 'frame', step };
    });

  let page = startPage;
  let last: Draft | undefined;
  for (const { visit, post, acts = [] } of visits) {
    if (last !== undefined) last.next = { step: steps.length, post: post === true };
    last = request(visit, { page, frames: [], navigation: true, method: post ? 'POST' : 'GET' });
    page = last.url;
    last.acts = perform(acts, page, []);
  }
  return steps;
}

/** The hosts of the sequence with this number, by the letter that stands for each in its texts. */
export function hostsOf(number: number): Readonly<Record<string, string>> {
  const high = number >> 7;
  const low = (number & 127) + 100;
  return {
    a: `q${number}.test`,
    A: `Q${number}.TEST`,
    b: `e${number}.test`,
    g: `q${number}.github.io`,
    k: `q${number}.co.uk`,
    l: `q${number}.localhost`,
    ip: `10.9.${high}.${low}`,
    tail: `9.${high}.${low}`,
  };
}

/** The number of the sequence that a host belongs to. */
export function numberOf(host: string): number | undefined {
  const named = /(?:^|\.)[qe](\d+)\.(?:test|github\.io|co\.uk|localhost)$/i.exec(host);
  if (named !== null) return Number(named[1]);
  const address = /^10\.9\.(\d+)\.(\d+)$/.exec(host);
  return address === null ? undefined : Number(address[1]) * 128 + Number(address[2]) - 100;
}

/** A text of a sequence with the hosts in it. */
export function fill(text: string, hosts: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(a|A|b|g|k|l|ip|tail)\}/g, (whole, letter: string) => hosts[letter] ?? whole);
}

/** A text with hosts in it as its sequence has it. */
export function unfill(text: string, hosts: Readonly<Record<string, string>>): string {
  return Object.entries(hosts).reduce((now, [letter, host]) => now.replaceAll(host, `{${letter}}`), text);
}

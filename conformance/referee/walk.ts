import { type FilledAct, type Leave, pageOf } from './page.ts';
import { fill, hostsOf, numberOf, type Sequence, type Step, startPage, stepsOf } from './sequence.ts';
import type { WireAnswer, WireRequest } from './server.ts';

/** What was seen of each step: the Cookie header in octets, or `document.cookie` as text; `null` for what never came, `''` for what a script writes. */
export type Seen = (string | null)[];

/** How far one run of a sequence has come. */
interface Course {
  readonly sequence: Sequence;
  readonly steps: readonly Step[];
  readonly seen: Seen;
  readonly window: number;
  /** When something was last heard of it; milliseconds since 1970. */
  lastSeen: number;
}

/**
 * Leads windows of a browser through sequences. The pages walk by themselves: the last page of one sequence leads on to the next
 * one. Each run has a number, and by it hosts of its own.
 */
export class Walk {
  readonly #queue: Sequence[];
  readonly #courses = new Map<number, Course>();
  readonly #idle = new Set<number>();
  /** The run that each window is in. */
  readonly #current = new Map<number, number>();
  readonly #windows: number;
  readonly #now: () => number;
  #numbers: number;
  /** Called when every window has nothing left to do. */
  onDone: () => void = () => {};
  /** Called with the number of a run that a window has left behind. */
  onLeft: (number: number) => void = () => {};

  constructor(sequences: readonly Sequence[], windows: number, firstNumber = 0, now = Date.now) {
    this.#queue = [...sequences];
    this.#queue.sort((a, b) => stepsOf(b).length - stepsOf(a).length);
    this.#windows = windows;
    this.#numbers = firstNumber;
    this.#now = now;
  }

  /** What was seen so far, by the number of the run. */
  get courses(): ReadonlyMap<number, Pick<Course, 'sequence' | 'seen' | 'window'>> {
    return this.#courses;
  }

  /** Windows of which nothing was heard for so many milliseconds, though they are not done, and the sequence of each. */
  stuck(forMs: number): [window: number, title: string][] {
    const latest = new Map([...this.#courses.values()].map((course) => [course.window, course]));
    return [...latest]
      .filter(([window, { lastSeen }]) => !this.#idle.has(window) && this.#now() - lastSeen > forMs)
      .map(([window, { sequence }]) => [window, `${sequence.group}: ${sequence.title}`]);
  }

  /** The URL from which a window sets out. */
  startUrl(window: number): string {
    return `${startPage}?window=${window}`;
  }

  readonly answer = (request: WireRequest): WireAnswer => {
    const { url } = request;
    if (url.hostname === 'start.test') {
      const window = Number(url.searchParams.get('window'));
      if (url.pathname === '/') return html(pageOf([], this.#nextOf(window)));
      if (url.pathname === '/idle') this.#idle.add(window);
      if (this.#idle.size === this.#windows) this.onDone();
      return html('');
    }
    const number = numberOf(url.hostname);
    const course = number === undefined ? undefined : this.#courses.get(number);
    const [, at, report] = /^\?(\d+)(&report)?$/.exec(url.search) ?? [];
    const step = course?.steps[Number(at)];
    if (number === undefined || course === undefined || step === undefined) {
      return { status: 404, headers: [], body: '' };
    }
    course.lastSeen = this.#now();
    this.#leave(course.window, number);
    if (report) {
      course.seen[Number(at)] = decodeURIComponent(request.body);
      return { status: 204, headers: [], body: '' };
    }
    course.seen[Number(at)] = request.cookie;
    return this.#answerOf(step, Number(at), number, course);
  };

  #answerOf(step: Step, at: number, number: number, course: Course): WireAnswer {
    const hosts = hostsOf(number);
    const urlOf = (index: number) => `${fill(course.steps[index]!.url, hosts)}?${index}`;
    const headers = step.set.map((line) => ['set-cookie', fill(line, hosts)] as const);
    const named = [...headers, ['x-step', `${number}/${at}`]] as const;
    if (step.redirectsTo !== undefined) {
      return { status: 302, headers: [...named, ['location', urlOf(step.redirectsTo)]], body: '' };
    }
    if (step.acts === undefined) return { status: 200, headers: named, body: '' };
    const acts = step.acts.map(({ kind, step: index, line }): FilledAct => {
      const url = kind === 'read' ? `${urlOf(index)}&report` : urlOf(index);
      return { kind, url, ...(line !== undefined && { line: fill(line, hosts) }) };
    });
    let leave: Leave;
    if (step.next !== undefined) leave = { url: urlOf(step.next.step), post: step.next.post };
    else if (step.navigation) leave = this.#nextOf(course.window);
    return html(pageOf(acts, leave), named);
  }

  /** Notes that a window has come to another run. */
  #leave(window: number, number: number): void {
    const before = this.#current.get(window);
    if (before === number) return;
    this.#current.set(window, number);
    if (before !== undefined) this.onLeft(before);
  }

  /** Where a window goes that has come to the end of a sequence. */
  #nextOf(window: number): Leave {
    const sequence = this.#queue.shift();
    if (sequence === undefined) return { url: `${startPage}idle?window=${window}`, post: false };
    const number = this.#numbers++;
    const steps = stepsOf(sequence);
    const seen: Seen = steps.map(({ kind }) => (kind === 'write' ? '' : null));
    this.#courses.set(number, { sequence, steps, seen, window, lastSeen: this.#now() });
    return { url: `${fill(steps[0]!.url, hostsOf(number))}?0`, post: false };
  }
}

const html = (body: string, headers: WireAnswer['headers'] = []): WireAnswer => ({
  status: 200,
  headers: [...headers, ['content-type', 'text/html; charset=utf-8']],
  body,
});

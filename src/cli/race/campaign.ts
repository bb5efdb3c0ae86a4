import { Failure } from '../command.ts';
import { Browser, type Site, type Written } from './browser.ts';
import { meet, type Order, ordersOf, type Pace, stepsOf } from './orders.ts';
import type { Deed, RacePlan } from './plan.ts';
import { nameOf, type PlannedRequest } from './planned-request.ts';
import { seeded } from './random.ts';
import { Refusals } from './refusals.ts';
import {
  type After,
  calmFaultsOf,
  type Fault,
  faultsOf,
  type Scenario,
  type Seen,
  scenariosOf,
} from './scenarios.ts';
import type { Answer } from './timed-request.ts';

/** Something that went wrong, the first order in which it did, and in how many. */
export interface RaceFinding {
  readonly code: Fault['code'];
  /** What the two requests do, and which they are, as `POST /login`. */
  readonly deeds: Scenario['deeds'];
  /** Whether the browser is signed in when they leave. */
  readonly signedIn: boolean;
  readonly requests: readonly [string, string];
  /** What was done, a sentence a step. */
  readonly steps: readonly string[];
  readonly seen: string;
  /** In how many orders it went wrong, of so many. */
  readonly orders: { readonly wrong: number; readonly of: number };
}

/** All that came of a run. */
export interface RaceReport {
  readonly url: string;
  readonly seed: number;
  /** How many requests were sent. */
  readonly requests: number;
  /** Every pair that was raced, and in how many orders. */
  readonly pairs: readonly (Scenario & { readonly orders: number })[];
  /** In how many orders every request was answered as the app answers it at other times. `enough`: in nineteen of twenty. */
  readonly judged: { readonly orders: number; readonly enough: boolean };
  readonly findings: readonly RaceFinding[];
  /** What could not be told, and why. */
  readonly notes: readonly string[];
}

interface CampaignOptions {
  readonly origin: URL;
  readonly plan: RacePlan;
  readonly seed: number;
  readonly rounds: number;
  /** In ms. Default: by how long a request takes. */
  readonly pause: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Races the app with every pair of requests, in every order. @throws Failure when the plan does not fit the app */
export async function race(options: CampaignOptions): Promise<RaceReport> {
  const campaign = new Campaign(options);
  return campaign.run();
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #site: Site;
  readonly #random: () => number;
  readonly #notes = new Set<string>();
  readonly #refusals = new Refusals();
  #requests = 0;
  #judged = 0;
  /** Status of the read with and without a sign-in. */
  #status = { user: 0, nobody: 0 };
  #pace: Pace = { alone: 0, pause: 0 };
  /** True when a visitor who is not signed in can write, and read what was written. */
  #anyoneWrites = false;
  /** What a visitor does, one after the other, to have a session before two requests meet. */
  #visitorsBegin: readonly ('read' | 'write')[] = ['read'];

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { origin, plan, signal } = options;
    this.#site = { origin, plan, signal, onRequest: () => (this.#requests += 1) };
    this.#random = seeded(options.seed);
  }

  get #plan(): RacePlan {
    return this.#options.plan;
  }

  async run(): Promise<RaceReport> {
    await this.#learn();
    const findings: RaceFinding[] = [];
    const pairs: (Scenario & { orders: number })[] = [];
    for (const scenario of scenariosOf(this.#plan)) {
      const calm = [await this.#oneByOne(scenario, 0), await this.#oneByOne(scenario, 1)].filter(isJudged);
      if (calm.length < 2) {
        pairs.push({ ...scenario, orders: this.#orders(scenario).length });
        continue;
      }
      const calmFaults = calm.flatMap((after) =>
        calmFaultsOf(scenario, after).map((fault) => ({ fault, after })),
      );
      for (const { fault, after } of calmFaults) {
        if (findings.some(({ code }) => code === fault.code)) continue;
        findings.push(this.#finding(scenario, fault, calmSteps(this.#names(scenario), after), 1, 1));
      }
      this.#noteUnseen(scenario, calm);
      const found = await this.#everyOrder(scenario, calm);
      findings.push(...found.findings);
      pairs.push({ ...scenario, orders: found.orders });
    }
    const { origin, seed } = this.#options;
    const orders = pairs.reduce((sum, pair) => sum + pair.orders, 0);
    if (this.#judged < orders)
      this.#notes.add(
        `The app refused ${this.#refusals.count} of ${this.#requests} requests (${this.#refusals.statuses.join(', ')}), so ${orders - this.#judged} of ${orders} orders were not judged: raise its limit.`,
      );
    return {
      url: origin.origin,
      seed,
      requests: this.#requests,
      pairs,
      judged: { orders: this.#judged, enough: this.#judged >= orders * 0.95 },
      findings,
      notes: [...this.#notes],
    };
  }

  /** Sees whether the app does alone what the plan says, how a user is told from nobody, and how long things take. */
  async #learn(): Promise<void> {
    const { read, write, signIn, signOut } = this.#plan.requests;
    const nobody = await this.#visitor();
    this.#status.nobody = (await this.#learnt('read', nobody, 'nobody')).status;
    const written = this.#newValue(0);
    const isAnswered = (await this.#learnt('write', nobody, 'nobody', written)).status < 400;
    this.#anyoneWrites = isAnswered && (await nobody.ask(read)).text.includes(written.value);
    // A write that the read does not show may have begun a session all the same.
    this.#visitorsBegin = this.#anyoneWrites ? ['write'] : isAnswered ? ['read', 'write'] : ['read'];

    const user = await this.#visitor();
    const { status } = await this.#learnt('signIn', user, 'user');
    const seen = await this.#learnt('read', user, 'user');
    this.#status.user = seen.status;
    if (this.#plan.signedIn === undefined && this.#status.user === this.#status.nobody)
      throw new Failure(
        `${nameOf(read)} is answered ${seen.status} with and without a sign-in (${nameOf(signIn)}: ${status}): say with --signed-in a text that it shows to a user only.`,
      );
    if (!this.#seen(seen).signedIn)
      throw new Failure(`After ${nameOf(signIn)} (${status}), ${nameOf(read)} shows no user.`);
    await this.#start(user);

    // The first one may have to load what the others find.
    await user.ask(write, this.#newValue(1));
    const mine = this.#newValue(0);
    const began = performance.now();
    const { status: writeStatus } = await this.#learnt('write', user, 'user', mine);
    const alone = performance.now() - began;
    if (!(await user.ask(read)).text.includes(mine.value))
      throw new Failure(`What ${nameOf(write)} (${writeStatus}) wrote is not in ${nameOf(read)}.`);
    this.#pace = { alone, pause: this.#options.pause ?? Math.max(25, Math.ceil(alone * 4)) };

    if (this.#plan.requests.renew !== undefined) await this.#learnt('renew', user, 'user');
    const late = user.fork();
    const { status: outStatus } = await this.#learnt('signOut', user, 'user');
    if (this.#seen(await user.ask(read)).signedIn)
      throw new Failure(`After ${nameOf(signOut)} (${outStatus}), ${nameOf(read)} still shows the user.`);
    // Who has the cookies of before is nobody too, and may be answered in another way.
    for (const deed of ['read', 'write', 'renew', 'signOut'] as const)
      if (this.#plan.requests[deed] !== undefined)
        await this.#learnt(deed, late, 'nobody', this.#newValue(0));
    if (!this.#anyoneWrites)
      this.#notes.add(
        `${isAnswered ? `What a visitor writes who is not signed in is not in ${nameOf(read)}` : 'A visitor who is not signed in cannot write'}: ids were not followed by what they hold.`,
      );
  }

  /** Does something when nothing meets it. */
  async #learnt(deed: Deed, browser: Browser, who: 'user' | 'nobody', written?: Written): Promise<Answer> {
    const answer = await browser.ask(this.#planned(deed), written);
    this.#refusals.learn(deed, answer, who);
    return answer;
  }

  /** The two, one after the other, each with what the browser has by then. Undefined when the app refuses one. */
  async #oneByOne(scenario: Scenario, first: 0 | 1): Promise<After | undefined> {
    const before = await this.#before(scenario);
    if (before === undefined) return undefined;
    const { browser, start } = before;
    const old = browser.fork();
    const written = this.#written(scenario);
    const answers: Answer[] = [];
    for (const at of [first, 1 - first] as (0 | 1)[])
      answers[at] = await browser.ask(this.#planned(scenario.deeds[at]), written[at]);
    const [one, other] = [answers[first], answers[1 - first]] as [Answer, Answer];
    const isRefused = scenario.signedIn
      ? this.#refusals.ofUser(scenario.deeds[first], one)
      : this.#refusals.ofAnyone(scenario.deeds[first], one);
    if (isRefused || this.#refusals.ofLimit(other)) return undefined;
    return this.#after(scenario, browser, old, start, written, answers as [Answer, Answer]);
  }

  #orders({ deeds }: Scenario): Order[] {
    const hasBody = deeds.map((deed) => (this.#planned(deed).body ?? '') !== '');
    return ordersOf(hasBody as [boolean, boolean], this.#options.rounds, this.#random);
  }

  async #everyOrder(scenario: Scenario, calm: readonly After[]) {
    const orders = this.#orders(scenario);
    const found = new Map<Fault['code'], { fault: Fault; steps: string[]; wrong: number }>();
    for (const order of orders) {
      const after = await this.#happen(scenario, order);
      if (after === undefined) continue;
      const calmAnswers = calm.map((one) => one.answers);
      const isRefused = this.#refusals.ofMeeting(scenario, after.answers, calmAnswers);
      if (!isRefused) this.#judged += 1;
      const seen = faultsOf(scenario, after, calm).filter(
        ({ code }) => !isRefused || code === 'server-error',
      );
      const faults = new Map(seen.map((fault) => [fault.code, fault]));
      for (const [code, fault] of faults) {
        const known = found.get(code);
        const [a, b] = after.answers;
        const steps = stepsOf(order, this.#names(scenario), [a.status, b.status]);
        found.set(
          code,
          known === undefined ? { fault, steps, wrong: 1 } : { ...known, wrong: known.wrong + 1 },
        );
      }
    }
    const findings = [...found.values()].map(({ fault, steps, wrong }) =>
      this.#finding(scenario, fault, steps, wrong, orders.length),
    );
    return { findings, orders: orders.length };
  }

  async #happen(scenario: Scenario, order: Order): Promise<After | undefined> {
    const before = await this.#before(scenario);
    if (before === undefined) return undefined;
    const { browser, start } = before;
    const old = browser.fork();
    const written = this.#written(scenario);
    const pair = scenario.deeds.map((deed, at) => browser.open(this.#planned(deed), written[at]));
    const answers = await meet(pair as unknown as Parameters<typeof meet>[0], order, this.#pace);
    for (const at of [order.delivered, 1 - order.delivered]) browser.receive(answers[at] as Answer);
    return this.#after(scenario, browser, old, start, written, answers);
  }

  /** A browser as the two requests find it, and what it wrote before it signed in. Undefined when the app refuses that. */
  async #before({
    signedIn,
  }: Scenario): Promise<{ browser: Browser; start: string | undefined } | undefined> {
    const browser = await this.#visitor();
    if (signedIn) {
      const answer = await browser.ask(this.#planned('signIn'));
      if (this.#refusals.ofUser('signIn', answer)) return undefined;
      await this.#start(browser);
      return { browser, start: undefined };
    }
    const written = this.#newValue(0);
    for (const deed of this.#visitorsBegin)
      if (this.#refusals.ofAnyone(deed, await browser.ask(this.#planned(deed), written))) return undefined;
    return { browser, start: this.#anyoneWrites ? written.value : undefined };
  }

  async #after(
    { deeds, signedIn }: Scenario,
    browser: Browser,
    old: Browser,
    start: string | undefined,
    written: readonly (Written | undefined)[],
    answers: [Answer, Answer],
  ): Promise<After | undefined> {
    let isRefused = false;
    const look = async (who: Browser) => {
      const answer = await who.ask(this.#plan.requests.read);
      isRefused ||= this.#refusals.ofAnyone('read', answer);
      return this.#seen(answer);
    };
    const seen = await look(browser);
    /** What the session has whose cookies came with an answer, where the browser's has not all. */
    const lookApart = async (at: 0 | 1) => {
      const value = written[at]?.value;
      if (signedIn || value === undefined || seen.text.includes(value)) return seen;
      const alone = old.fork();
      alone.receive(answers[at]);
      return look(alone);
    };
    const ends = !signedIn || deeds.includes('signOut') || deeds.includes('signIn');
    const mayOutlive = old.hasCookies && ends;
    const after: After = {
      answers,
      values: [written[0]?.value, written[1]?.value],
      start,
      browser: seen,
      apart: [await lookApart(0), await lookApart(1)],
      old: mayOutlive ? await look(old) : { status: 0, signedIn: false, text: '' },
    };
    return isRefused ? undefined : after;
  }

  /** Says where a write is not to be seen even when nothing meets it. */
  #noteUnseen(scenario: Scenario, calm: readonly After[]): void {
    const { deeds, signedIn } = scenario;
    if (!deeds.includes('write') || deeds.includes('signOut') || (!signedIn && !this.#anyoneWrites)) return;
    const isUnseen = ({ values, browser }: After) =>
      values.some((value) => value !== undefined && !browser.text.includes(value));
    if (!calm.some(isUnseen)) return;
    const [one, other] = this.#names(scenario);
    this.#notes.add(
      deeds[0] === deeds[1]
        ? `One ${one} replaces what another wrote, so no losses were looked for: give it a {field}.`
        : `What ${one} wrote is not there after ${other}, so no losses were looked for there.`,
    );
  }

  async #visitor(): Promise<Browser> {
    const browser = new Browser(this.#site);
    await this.#start(browser);
    return browser;
  }

  /** Opens the page that visitors begin on. */
  async #start(browser: Browser): Promise<void> {
    const { start } = this.#plan.requests;
    if (start !== undefined) await browser.ask(start);
  }

  #seen({ status, text }: Answer): Seen {
    const { signedIn } = this.#plan;
    const isSignedIn = signedIn === undefined ? status === this.#status.user : text.includes(signedIn);
    return { status, text, signedIn: isSignedIn };
  }

  #written({ deeds }: Scenario): readonly [Written | undefined, Written | undefined] {
    const of = (at: 0 | 1) => (deeds[at] === 'write' ? this.#newValue(at) : undefined);
    return [of(0), of(1)];
  }

  #newValue(at: 0 | 1): Written {
    const letters = Math.floor(this.#random() * 36 ** 8).toString(36);
    return { field: this.#plan.fields?.[at] ?? '', value: `race${letters.padStart(8, '0')}` };
  }

  #planned(deed: Deed): PlannedRequest {
    return this.#plan.requests[deed] as PlannedRequest;
  }

  #names({ deeds }: Scenario): [string, string] {
    return deeds.map((deed) => nameOf(this.#planned(deed))) as [string, string];
  }

  #finding(
    scenario: Scenario,
    fault: Fault,
    steps: readonly string[],
    wrong: number,
    of: number,
  ): RaceFinding {
    const { code, seen } = fault;
    const requests = this.#names(scenario);
    return { code, ...scenario, requests, steps, seen, orders: { wrong, of } };
  }
}

const isJudged = (after: After | undefined): after is After => after !== undefined;

function calmSteps(names: readonly [string, string], { answers }: After): string[] {
  const [a, b] = answers;
  return [
    `A, ${names[0]}, is answered ${a.status}, and B, ${names[1]}, ${b.status}, one after the other`,
    'the read is sent with a copy of the cookies from before them',
  ];
}

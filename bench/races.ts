// `node bench/races.ts`, after a build: what session libraries lose when two requests of one browser meet, in every order of
// their calls to the store and of the arrival of their answers. Nothing is timed: each order is made to happen.
import { setImmediate } from 'node:timers/promises';
import { explore, interleave, Thread } from '../conformance/races/interleave.ts';
import { cookieOf, Visitor } from '../conformance/races/visitor.ts';
import type { Contender, Serve } from './races/contender.ts';
import { ours } from './races/ours.ts';
import { peers } from './races/peers.ts';
import { type After, type Scenario, type Seen, scenarios, type Went } from './races/scenarios.ts';

const origin = 'http://localhost';
const atOnce = async () => {};

const ask = (serve: Serve, path: string, cookie: string): Promise<Response> =>
  serve(new Request(origin + path, { headers: cookie === '' ? {} : { cookie } }));

const see = async (serve: Serve, cookie: string): Promise<Seen> =>
  (await (await ask(serve, '/read', cookie)).json()) as Seen;

/** Takes in what came with a response. */
function receive(browser: Visitor, response: Response): void {
  browser.receive(response.headers.getSetCookie());
}

/** Runs a scenario in one order and tells what came of it. */
async function happen(
  { together, signedIn }: Scenario,
  contender: Contender,
  choose: (ways: number) => number,
): Promise<After> {
  const world = contender.start();
  const plain = await world.serve(atOnce);
  const browser = new Visitor('');
  receive(browser, await ask(plain, '/write?key=start', ''));
  if (signedIn) receive(browser, await ask(plain, '/login', browser.cookie));
  const old = browser.cookie;

  await nextMillisecond();
  const responses: Response[] = [];
  const threads: Thread[] = [];
  for (const [index, path] of together.entries()) {
    threads.push(
      await Thread.start(`${'AB'[index]} (${path})`, async (pause) => {
        const serve = await world.serve((text, changes) => pause({ on: 'store', changes, text }));
        const response = await ask(serve, path, old);
        await pause({ on: 'jar', changes: true, text: 'its response arrives' });
        responses[index] = response;
        receive(browser, response);
      }),
    );
  }
  await interleave(threads, choose, () => {});
  const went: Went[] = [];
  for (const [index, path] of together.entries()) {
    const { status = 0, headers } = responses[index] ?? {};
    const given = cookieOf(headers?.getSetCookie()[0] ?? '');
    went.push({ path, status, apart: given === old ? {} : await see(plain, given) });
  }
  return { went, browser: await see(plain, browser.cookie), old: await see(plain, old) };
}

/** Libraries that write down when a session was last used see that time has gone by. */
async function nextMillisecond(): Promise<void> {
  for (const start = Date.now(); Date.now() === start; ) await setImmediate();
}

/** In how many orders the fault happened, of how many. */
async function count(scenario: Scenario, contender: Contender): Promise<string> {
  let faults = 0;
  const orders = await explore(async (choose) => {
    if (scenario.happened(await happen(scenario, contender, choose))) faults += 1;
  }, 1);
  return `${faults} of ${orders.length}`;
}

const contenders = [ours, ...peers];
const line = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
line(['requests at once', 'what goes wrong', ...contenders.map(({ name }) => name)]);
line(['---', '---', ...contenders.map(() => '---')]);
let oursLost = false;
for (const scenario of scenarios) {
  const cells: string[] = [];
  for (const contender of contenders) cells.push(await count(scenario, contender));
  line([scenario.together.join(', '), scenario.fault, ...cells]);
  oursLost ||= !cells[0]?.startsWith('0 of');
}
process.exitCode = oursLost ? 1 : 0;

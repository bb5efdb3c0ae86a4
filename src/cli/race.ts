import { readArguments, wholeNumber } from './arguments.ts';
import { type Command, Misuse } from './command.ts';
import { type RaceReport, race as runRace } from './race/campaign.ts';
import { longestWait } from './race/orders.ts';
import { planOptions, readPlan } from './race/plan.ts';
import { textOfReport } from './race/report.ts';
import { isThisMachine } from './race/this-machine.ts';
import { print, printJson } from './terminal.ts';
import { readUrl } from './url.ts';

const usage = `hallpass race URL --file FILE [--seed N] [--rounds N] [--pause MS]
             [--allow HOST] [--json]
hallpass race URL --sign-in LINE --write LINE --read LINE --sign-out LINE …

Sends the requests of one browser to a running app, two at once and in every
order, and tells what went wrong: writes that are lost, sessions that come back
after the sign-out, ids that outlive a sign-in, tabs that sign each other out.
It signs in, writes and signs out some hundred times: use a user for tests.

  URL                 where the app is; on this machine only
  --allow HOST        this host as well, by its name
  --file FILE         JSON with the requests: "signIn", "write", "read",
                      "signOut", and what stands below; - is standard input

A request is a line, as 'GET /me', 'POST /login user=ada&password={env:PASS}'
or 'PUT /cart {"add":"{value}"}'. These win over the file:

  --sign-in LINE      signs the user in
  --write LINE        writes {value} into the session; with a {field} in it,
                      two writes are of two fields, without one each adds
  --read LINE         shows what was written, and whether somebody is signed in
  --sign-out LINE     signs the user out
  --renew LINE        gives the session a new id, where the app can
  --start LINE        what a visitor asks for first, where that is needed
  --signed-in TEXT    what the read shows to users only (default: its status
                      tells)
  --fields ONE,OTHER  the two fields (default: a,b)
  -H, --header LINE   a header of every request, as 'Name: value'

{env:NAME} is the environment variable NAME, and stays out of reports. With
"take": { "csrf": "csrf=(\\\\w+)" } in the file, {csrf} is what an answer held
last; { "csrf": { "cookie": "XSRF-TOKEN" } } is a cookie's value.

  --seed N            of the values and the delays (default: 1)
  --rounds N          how often two requests arrive at once in each order
                      (default: 2)
  --pause MS          how long the app has to open the session of a request
                      whose body is held (default: four times what a write
                      takes, 25 at least)
  --json              the same as data

Exit: 0 nothing was found, 1 something was, or it failed, or the app refused so
much that too little could be judged, 2 a wrong command line. docs/races.md
tells more of each finding. No cookie's value is printed.
`;

const options = {
  ...planOptions,
  allow: { type: 'string', multiple: true },
  seed: { type: 'string' },
  rounds: { type: 'string' },
  pause: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const race: Command = {
  usage,
  options,

  async run(args, io) {
    const { values, positionals } = readArguments(args, options);
    const [target, ...more] = positionals;
    if (target === undefined || more.length > 0) throw new Misuse('One URL is needed, and no more.');
    const url = readUrl('URL', target);
    if (!(values.allow ?? []).includes(url.hostname) && !(await isThisMachine(url.hostname)))
      throw new Misuse(`${url.hostname} is not this machine: --allow ${url.hostname}, if it is yours.`);
    if (url.username !== '' || url.password !== '')
      throw new Misuse("URL has no user: write -H 'Authorization: Basic …'.");
    if (url.pathname !== '/' || url.search !== '')
      throw new Misuse('URL has no path: paths stand in the requests.');
    const plan = await readPlan(values, io);
    const report: RaceReport = await runRace({
      origin: url,
      plan,
      seed: wholeNumber('--seed', values.seed ?? '1', 0, 2 ** 32 - 1),
      rounds: wholeNumber('--rounds', values.rounds ?? '2', 1, 100),
      pause: values.pause === undefined ? undefined : wholeNumber('--pause', values.pause, 1, longestWait),
      signal: io.signal,
    });
    if (values.json) printJson(io, report);
    else print(io, textOfReport(report));
    return report.findings.length > 0 || !report.judged.enough ? 1 : 0;
  },
};

// `npm run docs` writes docs/browsers.md from the logs of the referee and the profiles of the engines; `npm run check` fails when they differ.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engineNames } from '../../conformance/referee/engines/engine.ts';
import { explanations } from '../../conformance/referee/explained.ts';
import { type Judged, type Judgement, judge } from '../../conformance/referee/judge.ts';
import { type EngineName, type EngineRules, engines } from '../../src/index.ts';
import { escaped } from './titles.ts';

export const browsersTarget = 'docs/browsers.md';

/** What each rule of a profile says, in the words of the page. */
const meanings: Readonly<Record<keyof EngineRules, string>> = {
  secureOnLoopback: 'Secure cookies are kept and sent on http://localhost and its like',
  sameSiteUnset: 'what a cookie without SameSite counts as',
  sameSiteIgnoresScheme: 'http and https of one domain are one site',
  redirectsIgnoredOnSet: 'a redirect through another site makes nothing cross-site that is set',
  redirectsIgnoredOnSend: 'a redirect through another site makes nothing cross-site that is sent',
  framesIgnored:
    'a frame of another site between a page and a request to the host of that page makes nothing cross-site',
  thirdPartySetRefused: 'no cookie is kept whose domain does not cover the page that asked',
  partitionedIgnored: 'Partitioned means nothing',
  noneWithoutSecure: 'SameSite=None asks for no Secure',
  prefixesIgnored: '`__Host-`, `__Secure-` and the like are not enforced',
  hostPrefixTakesDefaultPath: '`__Host-` takes a path of `/` that the line does not say',
  hostPrefixTakesOwnAddress: '`__Host-` takes a Domain that is the address of the host, as 127.0.0.1',
  overlaysSecure: 'over http, which Secure cookies are guarded',
  newValueMovesToEnd: 'a new value moves the cookie to the end of the header',
  nearestDomainFirst: 'of equally long paths the nearest domain comes first, and a Domain before host-only',
  tabRefused: 'a tab in name or value: the line is refused',
  asciiOnly: 'a line ends at its first octet below 20 or over 7F, and is never refused for it',
  namelessIsName: '`Set-Cookie: tok` is sent as `tok=`',
  emptyName: 'a line that begins with `=`',
  invalidUtf8Replaced: 'what is no UTF-8 in a value becomes U+FFFD',
  hidesInvalidUtf8: 'scripts see no cookie while one is no UTF-8',
  anySize: 'name, value and attributes may have any length',
  flagsOfAnySize: 'HttpOnly and Secure count even with a value of over 1024 octets',
  lastUnreadableCounts:
    'the last Expires counts even when it cannot be read; with `both` the last Max-Age too',
  emptyMaxAgeDeletes: 'an empty Max-Age deletes the cookie',
  lastLifeCounts: 'of Max-Age and Expires the last one counts',
  purgeTo: 'how many cookies of a site are left when there were over 180',
  anyNumber: 'a site may have any number of cookies',
  pathsDecoded: 'paths of requests match with letters, digits, `-`, `.`, `_` and `~` unescaped',
};

/** docs/browsers.md as it should be. */
export function expectedBrowsersPage(): string {
  const judged = new Map(engineNames.map((engine) => [engine, judge(engine)]));
  const heads = engineNames.map((engine) => engines[engine].title).join(' | ');
  const lines = engineNames.map(() => '---').join(' | ');
  return `# Browsers

Real browsers are the referee: ${[...judged.values()].map(({ version }) => version).join(', ')} were led through ${judged.get('chromium')!.judgements.length} sequences of pages, frames, redirects, scripts
and Set-Cookie lines, 150 of them made by chance. Each run is on record, and every test run holds the jar against it: the Cookie header of each request, what \`document.cookie\` is, and for Chromium its own reasons.

${[...judged].map(([engine, one]) => `- ${summary(engine, one)}`).join('\n')}

The standard is the default. \`new CookieJar({ engine: 'firefox' })\` does as the browser does, and \`admit\`, \`release\`, \`journeys\` and the lint take an \`engine\` too:

\`\`\`ts
import { CookieJar } from 'hallpass/jar';

const url = 'https://shop.example.com/';
const line = '__Host-id=1; Secure; Path=/; Domain=example.com';
console.log(new CookieJar().set(line, url).allowed); // → false
console.log(new CookieJar({ engine: 'webkit' }).set(line, url).allowed); // → true
\`\`\`

WebKitGTK is not Safari, which keeps cookies by code of its own. Firefox was asked with third-party cookies and without its protection against tracking, as only then the rules of cookies decide.

## What each engine does otherwise

The data is \`engines\` of \`hallpass\`. A number says how many sequences would come out otherwise without the rule; a test refuses a rule with none.

| Rule | What it says | ${heads} |
| --- | --- | ${lines} |
${(Object.keys(meanings) as (keyof EngineRules)[]).map((rule) => ruleRow(rule, judged)).join('\n')}

## What no rule says

What is left, engine by engine: it is known, and not worth a rule.

${explanations.map(({ engine, differences, what }) => `- **${engines[engine].title}**: ${what} (${sequencesOf(differences)})`).join('\n')}

## Every sequence

\`=\`: as the standard says. A rule: as the standard does not say, and as the profile of the engine does. *known*: one of the above.

${groups(judged, heads, lines)}
This page is written by \`npm run docs\` from the logs in \`conformance/referee\`; \`npm run referee\` asks the browsers again.
`;
}

function sequencesOf(differences: object): string {
  const { length } = Object.keys(differences);
  return `${length} ${length === 1 ? 'sequence' : 'sequences'}`;
}

function summary(engine: EngineName, { version, judgements }: Judged): string {
  const count = (fits: (one: Judgement) => boolean) => judgements.filter(fits).length;
  const standard = count(({ departs }) => !departs);
  const profile = count(({ departs, unlike }) => departs && unlike.length === 0);
  const known = count(({ unlike }) => unlike.length > 0);
  const verdicts = judgements.reduce((sum, one) => sum + (one.unlike.length > 0 ? 0 : one.verdicts), 0);
  const more =
    engine === 'chromium'
      ? ` Its reasons agree with ours in all ${verdicts.toLocaleString('en')} verdicts of the rest, one for each line of an answer and each cookie of a request: where it refuses a line its reasons are the very ones that ours call for, we refuse none that it took, and what withholds a cookie is the same. Two kinds it refuses without a word, a name of nothing and Partitioned without Secure or https: of most of these lines the requests that follow show it.`
      : '';
  return `**${version}**: ${standard} as the standard says, ${profile} more as its profile says, ${known} otherwise, each for a reason below.${more}`;
}

function ruleRow(rule: keyof EngineRules, judged: ReadonlyMap<EngineName, Judged>): string {
  const cells = [...judged].map(([engine, { judgements }]) => {
    const value = engines[engine].rules[rule];
    if (value === undefined) return '';
    const count = judgements.filter(({ rules }) => rules.includes(rule)).length;
    return `${value === true ? 'yes' : `\`${value}\``} (${count})`;
  });
  return `| \`${rule}\` | ${meanings[rule]} | ${cells.join(' | ')} |`;
}

function groups(judged: ReadonlyMap<EngineName, Judged>, heads: string, lines: string): string {
  const [first] = judged.values();
  const byGroup = Map.groupBy(first!.judgements.keys(), (at) => first!.judgements[at]!.sequence.group);
  return [...byGroup]
    .filter(([group]) => group !== 'random')
    .map(([group, places]) => {
      const rows = places.map((at) => {
        const cells = [...judged.values()].map(({ judgements }) => verdictCell(judgements[at]!));
        return `| ${titleCell(first!.judgements[at]!.sequence.title)} | ${cells.join(' | ')} |`;
      });
      const title = group.charAt(0).toUpperCase() + group.slice(1);
      return `### ${title}\n\n| Sequence | ${heads} |\n| --- | ${lines} |\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

function verdictCell({ departs, unlike, rules }: Judgement): string {
  if (unlike.length > 0) return '*known*';
  return departs ? rules.map((rule) => `\`${rule}\``).join(', ') : '=';
}

const titleCell = (title: string) =>
  escaped(title.replaceAll(/[^\x20-\x7e]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`));

const [, script] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL(`../../${browsersTarget}`, import.meta.url), expectedBrowsersPage());
  console.log(`${browsersTarget} is written.`);
}

import { type JourneyName, journeys, parseSetCookie } from 'hallpass';
import { examples } from './examples.ts';
import {
  type CookieAnswer,
  judge,
  mostText,
  type Outcome,
  type PageAnswer,
  type PageFinding,
  type Question,
  tooLarge,
} from './judge.ts';
import { fragmentOf, questionOf } from './link.ts';

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const text = element<HTMLTextAreaElement>('text');
const from = element<HTMLInputElement>('from');
const journey = element<HTMLSelectElement>('journey');
const answer = element('answer');
const state = element('state');
const showValues = element<HTMLInputElement>('values');
const linkField = element<HTMLInputElement>('link');

/** Makes an element. What came from outside is a child, so it is text and nothing else. */
function make(name: string, className: string, ...children: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

const colours = { error: 'bad', warning: 'care', note: 'quiet' } as const;
const words = { error: 'Error', warning: 'Warning', note: 'Note' } as const;

function listItem({ code, level, sentence, fix, source, why }: PageFinding): HTMLElement {
  const more = make('details', 'more', make('summary', '', `${code}: why, and where it is written`));
  more.append(make('p', '', why), make('p', 'source', source));
  const label = make('strong', '', words[level]);
  return make(
    'li',
    `finding ${colours[level]}`,
    make('p', '', label, ` ${sentence}`),
    make('p', 'fix', fix),
    more,
  );
}

const outcomeColours = { sent: 'good', 'not sent': 'care', 'not kept': 'bad' } as const;

function outcome(
  { title, outcome: word, findings: reasons, engines }: Outcome,
  isAsked: boolean,
  alreadyAbove: ReadonlySet<string>,
): HTMLElement {
  const row = make('li', isAsked ? 'journey asked' : 'journey');
  row.append(make('span', `mark ${outcomeColours[word]}`, word), make('span', 'title', title));
  const news = reasons.filter(({ sentence }) => !alreadyAbove.has(sentence));
  if (news.length > 0) row.append(make('p', 'quiet', news.map(({ sentence }) => sentence).join(' ')));
  const others = engines.filter((one) => one.outcome !== word);
  for (const { title: name, outcome: own, why } of others) {
    const mark = make('span', `mark ${outcomeColours[own]}`, `${name}: ${own}.`);
    row.append(make('p', 'engine', mark, why === '' ? '' : ` ${why}`));
  }
  if (engines.length > 0 && others.length === 0) row.append(make('p', 'quiet', allAgree(engines)));
  return row;
}

const allAgree = (engines: Outcome['engines']) =>
  `${engines.map(({ title }) => title).join(', ')}: the same.`;

/** The findings, and how many more there are. */
function findingList({ findings, more }: Pick<CookieAnswer, 'findings' | 'more'>): HTMLElement[] {
  const list = make('ul', 'findings', ...findings.map(listItem));
  return more === 0 ? [list] : [list, make('p', 'quiet', `And ${more.toLocaleString('en')} more.`)];
}

function cookie({ name, from: url, findings, more, outcomes }: CookieAnswer): HTMLElement {
  const section = make('section', 'card', make('h3', 'name', name));
  if (url !== '') section.append(make('p', 'quiet', `from ${url}`));
  if (findings.length === 0) section.append(make('p', 'good', 'Nothing is wrong with it.'));
  section.append(...findingList({ findings, more }));
  if (outcomes.length > 0) {
    const alreadyAbove = new Set(findings.map(({ sentence }) => sentence));
    section.append(make('h4', '', 'Where browsers send it'));
    section.append(
      make(
        'ul',
        'journeys',
        ...outcomes.map((one) => outcome(one, one.journey === journey.value, alreadyAbove)),
      ),
    );
  }
  return section;
}

function show(given: PageAnswer): void {
  if ('problem' in given) {
    state.textContent = given.problem;
    answer.replaceChildren();
    return;
  }
  const { kind, cookies, requests } = given;
  const names = {
    har: 'a HAR file',
    curl: 'the output of curl -v',
    definition: 'options',
    'set-cookie': 'Set-Cookie',
  };
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`;
  const all = [...cookies, ...requests].flatMap((one) => one.findings);
  const errors = all.filter(({ level }) => level === 'error').length;
  const warnings = all.filter(({ level }) => level === 'warning').length;
  state.textContent = `Read as ${names[kind]}: ${count(cookies.length, 'cookie')}, ${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
  answer.replaceChildren(
    ...requests
      .slice(0, most)
      .map(({ title, findings, more }) =>
        make('section', 'card', make('h3', 'name', title), ...findingList({ findings, more })),
      ),
    ...cookies.slice(0, most).map(cookie),
  );
  if (cookies.length > most || requests.length > most)
    answer.append(make('p', 'quiet', `The first ${most} of each are shown.`));
}

/** A HAR file may hold thousands. */
const most = 100;

function question(): Question {
  return {
    text: text.value,
    from: from.value,
    ...(journey.value && { journey: journey.value as JourneyName }),
  };
}

function refresh(): void {
  show(judge(question()));
  const fragment = fragmentOf(question(), showValues.checked);
  linkField.value = fragment === '' ? '' : `${location.origin}${location.pathname}${fragment}`;
  linkField.placeholder =
    fragment === '' && text.value !== '' ? 'No link: too long, or nothing in it can be read.' : '';
}

function fill({ text: given, from: url = '', journey: walk = '' as JourneyName }: Question): void {
  text.value = given;
  from.value = url;
  journey.value = walk;
  if (journey.selectedIndex === -1) journey.value = '';
  refresh();
}

const walks = journeys(parseSetCookie('a=1')!, { url: 'http://localhost:3000/' });
const others = journeys(parseSetCookie('a=1')!, { url: 'https://app.example.com/' });
const titles = new Map([...others, ...walks].map(({ journey: name, title }) => [name, title]));
for (const [name, title] of titles) journey.append(new Option(title, name));

for (const example of examples) {
  const button = make('button', '', example.title);
  button.setAttribute('type', 'button');
  button.addEventListener('click', () => fill(example));
  element('examples').append(button);
}

for (const field of [text, from, journey, showValues]) field.addEventListener('input', refresh);
element('form').addEventListener('submit', (event) => event.preventDefault());
element('file').addEventListener('change', async ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? [];
  if (file === undefined) return;
  // A file too large is not read at all.
  if (file.size > mostText) show({ problem: tooLarge });
  else fill({ text: await file.text(), from: '' });
});
element('copy').addEventListener('click', async () => {
  linkField.select();
  await navigator.clipboard?.writeText(linkField.value).catch(() => {});
});

addEventListener('hashchange', () => {
  const asked = questionOf(location.hash);
  if (asked !== undefined) fill(asked);
});
fill(questionOf(location.hash) ?? { text: '', from: '' });

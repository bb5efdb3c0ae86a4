import { own } from './app.ts';

export const trusted = 'https://partner.example.test';

/** Every request of the matrix is one value of each of these. */
const matrix = {
  method: ['GET', 'HEAD', 'POST', 'DELETE'],
  site: ['', 'same-origin', 'none', 'same-site', 'cross-site', 'same-origin, cross-site'],
  origin: ['', own, trusted, 'https://evil.test', `${own}.evil.test`, 'null'],
  authorization: ['', 'Bearer t', 'Basic dTpw'],
  cookie: ['', 'own'],
  token: ['', 'own', 'forged'],
} as const;

type Facts = { [K in keyof typeof matrix]: (typeof matrix)[K][number] };

/** Read from the top: the first line that fits a request decides it. `pass`, or the code of the reason. */
const lines: [title: string, expected: string, fits: { [K in keyof Facts]?: readonly Facts[K][] }][] = [
  ['a safe method passes', 'pass', { method: ['GET', 'HEAD'] }],
  [
    'an explicit Authorization without a cookie passes',
    'pass',
    { authorization: ['Bearer t'], cookie: [''] },
  ],
  ['the own page and the address bar pass', 'pass', { site: ['same-origin', 'none'] }],
  ['an own or a trusted origin passes, whatever Sec-Fetch-Site says', 'pass', { origin: [own, trusted] }],
  ['another site is refused', 'csrf-cross-site', { site: ['same-site', 'cross-site'] }],
  ['a repeated Sec-Fetch-Site is refused', 'csrf-repeated', { site: ['same-origin, cross-site'] }],
  [
    "an opaque origin passes with the visitor's own token",
    'pass',
    { origin: ['null'], cookie: ['own'], token: ['own'] },
  ],
  ['an opaque origin is refused', 'csrf-opaque-origin', { origin: ['null'] }],
  [
    'a foreign or lookalike origin is refused',
    'csrf-foreign-origin',
    { origin: ['https://evil.test', `${own}.evil.test`] },
  ],
  ['a program, without either header, passes', 'pass', {}],
];

/** The lines, each with the requests of the matrix that it decides, and as few of them as show each two values that occur together. */
export const csrfTable = lines.map(([title, expected], line) => {
  const requests = everyRequest().filter((facts) => lineOf(facts) === line);
  if (requests.length === 0) throw new Error(`No request of the matrix comes to "${title}".`);
  return { title, expected, requests, pairs: eachPair(requests) };
});

function everyRequest(): Facts[] {
  let requests: object[] = [{}];
  for (const [name, values] of Object.entries(matrix)) {
    requests = requests.flatMap((facts) => values.map((value) => ({ ...facts, [name]: value })));
  }
  return requests as Facts[];
}

function lineOf(facts: Facts): number {
  return lines.findIndex(([, , fits]) =>
    Object.entries(fits).every(([name, values]) =>
      (values as readonly string[]).includes(facts[name as keyof Facts]),
    ),
  );
}

/** Takes the request with the most pairs that none before it has, until there are none. */
function eachPair(requests: readonly Facts[]): Facts[] {
  const left = requests.map((facts) => ({ facts, pairs: pairsOf(facts) }));
  const missing = new Set(left.flatMap(({ pairs }) => pairs));
  const chosen: Facts[] = [];
  while (missing.size > 0) {
    let best: (typeof left)[number] | undefined;
    let most = 0;
    for (const one of left) {
      one.pairs = one.pairs.filter((pair) => missing.has(pair));
      if (one.pairs.length > most) [best, most] = [one, one.pairs.length];
    }
    if (best === undefined) break;
    chosen.push(best.facts);
    for (const pair of best.pairs) missing.delete(pair);
  }
  return chosen;
}

function pairsOf(facts: Facts): string[] {
  const values = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${one} | ${other}`));
}

/** What the panel runs in the browser. Everything that came with a request is put into the page as text, and as nothing else. */
export const panelScript = `
const base = document.body.dataset.base;
const list = document.getElementById('requests');
const empty = document.getElementById('empty');
const state = document.getElementById('state');
const only = document.getElementById('only');
const rows = new Map();

function make(name, props = {}, ...children) {
  const { className, ...attributes } = props;
  const element = document.createElement(name);
  if (className) element.className = className;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined && child !== ''));
  return element;
}

const colours = { error: 'bad', warning: 'care', note: 'quiet' };

function finding({ code, level, sentence, fix }) {
  return make('li', { className: 'finding ' + colours[level] },
    make('p', {}, sentence),
    make('p', { className: 'fix' }, fix + ' ', make('a', { href: base + '/why/' + code }, code)));
}

const findings = (all) => make('ul', {}, ...all.map(finding));

function section(title, ...children) {
  return children.length === 0 ? undefined : make('section', {}, make('h2', {}, title), ...children);
}

function cookie({ name, kept, findings: all }) {
  const word = kept ? 'kept' : 'not kept';
  return make('div', {},
    make('p', {}, make('span', { className: 'name' }, name), ' ', make('span', { className: 'mark ' + (kept ? 'good' : 'bad') }, word)),
    findings(all));
}

function event({ of, type, facts, findings: all }) {
  return make('div', {},
    make('p', {}, make('span', { className: 'name' }, of + ' ' + type), facts.length ? ' (' + facts.join(', ') + ')' : ''),
    findings(all));
}

function hop({ method, url, status, sent, findings: all }) {
  return make('div', {},
    make('p', {}, make('span', { className: 'name' }, method + ' ' + url), ' ', String(status ?? 'no answer'),
      sent.length ? ', sent ' + sent.join(', ') : ''),
    findings(all));
}

function marksOf({ exchange, events, traces }) {
  const all = [
    ...(exchange?.findings ?? []), ...(exchange?.cookies ?? []).flatMap((one) => one.findings),
    ...events.flatMap((one) => one.findings), ...traces.flatMap(({ hops }) => hops.flatMap((one) => one.findings)),
  ];
  const dropped = (exchange?.cookies ?? []).filter((one) => !one.kept).length;
  const kept = (exchange?.cookies ?? []).length - dropped;
  const errors = all.filter(({ level }) => level === 'error').length;
  const warnings = all.filter(({ level }) => level === 'warning').length;
  const marks = [];
  const mark = (text, colour) => marks.push(make('span', { className: 'mark ' + colour }, text));
  if (exchange?.csrf === 'refused') mark('CSRF refused', 'bad');
  if (dropped) mark(dropped + ' not kept', 'bad');
  if (errors && !dropped) mark(errors + (errors === 1 ? ' error' : ' errors'), 'bad');
  if (warnings) mark(warnings + (warnings === 1 ? ' warning' : ' warnings'), 'care');
  if (kept) mark(kept + (kept === 1 ? ' cookie' : ' cookies'), 'good');
  if (traces.length) mark(traces.length + (traces.length === 1 ? ' call' : ' calls'), 'quiet');
  return { marks, isRefused: errors + warnings > 0 || exchange?.csrf === 'refused' };
}

function show(entry) {
  const { id, at, exchange, events, traces } = entry;
  const old = rows.get(id);
  const { marks, isRefused } = marksOf(entry);
  const time = new Date(at).toLocaleTimeString([], { hour12: false });
  const title = exchange ? exchange.method + ' ' + exchange.path : 'outside of a request';
  const details = make('details', {},
    make('summary', {}, make('time', {}, time), make('span', { className: 'path' }, title),
      make('span', { className: 'status' }, String(exchange?.status ?? '')), ...marks),
    make('div', { className: 'inside' }, ...[
      section('Cookies of the answer', ...(exchange?.cookies ?? []).map(cookie)),
      section('The request', ...(exchange?.findings.length ? [findings(exchange.findings)] : []),
        ...(exchange?.csrf ? [make('p', { className: exchange.csrf === 'refused' ? 'bad' : 'good' }, 'May it change state (CSRF)? ' + exchange.csrf + '.')] : [])),
      section('What happened', ...events.map(event)),
      ...traces.map(({ hops }) => section('A call of the server', ...hops.map(hop))),
    ].filter(Boolean)));
  const inside = details.lastElementChild;
  if (!inside.childElementCount) inside.append(make('p', { className: 'quiet' }, 'Nothing to tell: no cookie, no session, no call.'));
  details.open = old?.details.open ?? false;
  const item = make('li', {}, details);
  item.dataset.refused = isRefused;
  item.hidden = only.checked && !isRefused;
  if (old) old.item.replaceWith(item); else list.prepend(item);
  rows.set(id, { item, details });
  while (rows.size > 200) {
    const [first] = rows.keys();
    rows.get(first).item.remove();
    rows.delete(first);
  }
  empty.hidden = true;
}

only.addEventListener('change', () => {
  for (const { item } of rows.values()) item.hidden = only.checked && item.dataset.refused !== 'true';
});

const live = new EventSource(base + '/live');
live.addEventListener('open', () => { rows.clear(); list.replaceChildren(); state.textContent = 'Live: the newest request is on top.'; });
live.addEventListener('error', () => {
  state.textContent = live.readyState === EventSource.CLOSED
    ? 'This is no longer the address: the app was started anew, and its console has the new one.'
    : 'The app does not answer; waiting for it.';
});
live.addEventListener('message', ({ data }) => show(JSON.parse(data)));
`;

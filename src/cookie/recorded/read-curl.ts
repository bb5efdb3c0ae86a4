import type { RecordedExchange, RecordedHeader } from './exchange.ts';

/** A request of which lines are being read. */
interface Reading {
  method: string;
  target: string;
  isSecure: boolean;
  status?: number;
  readonly requestHeaders: RecordedHeader[];
  readonly responseHeaders: RecordedHeader[];
}

/** What `curl -v` prints: requests behind `>`, answers behind `<`; `undefined` for what is none. A URL is made of Host and port. */
export function readCurl(text: string): RecordedExchange[] | undefined {
  const readings: Reading[] = [];
  let isSecure = false;
  let port = '';
  for (const line of text.split(/\r?\n/)) {
    const mark = line[0];
    const rest = line.slice(1).trim();
    if (mark === '*') {
      const connected = /^(?:Connected to .* port|Established connection to .* port) (\d+)/.exec(rest);
      if (connected !== null) {
        port = connected[1]!;
        isSecure = port === '443';
      }
      if (/^(?:SSL connection using|ALPN: server accepted|TLSv1)/.test(rest)) isSecure = true;
    } else if (mark === '>') {
      readRequestLine(readings, rest, isSecure);
    } else if (mark === '<') {
      readAnswerLine(readings.at(-1), rest);
    }
  }
  const exchanges = readings.flatMap(exchangeOf);
  return exchanges.length === 0 ? undefined : exchanges;
}

function readRequestLine(readings: Reading[], rest: string, isSecure: boolean): void {
  const start = /^([A-Z]+) (\S+) HTTP\/[\d.]+$/.exec(rest);
  const reading = readings.at(-1);
  if (start !== null) {
    const [, method = 'GET', target = '/'] = start;
    readings.push({ method, target, isSecure, requestHeaders: [], responseHeaders: [] });
  } else if (reading !== undefined) {
    reading.requestHeaders.push(...headerIn(rest));
  }
}

/** A later status line is that of the answer: the first may be of a proxy, or 100. */
function readAnswerLine(reading: Reading | undefined, rest: string): void {
  if (reading === undefined) return;
  const status = /^HTTP\/[\d.]+ (\d{3})\b/.exec(rest)?.[1];
  if (status === undefined) return void reading.responseHeaders.push(...headerIn(rest));
  reading.status = Number(status);
  reading.responseHeaders.length = 0;
}

function headerIn(line: string): RecordedHeader[] {
  const split = line.indexOf(':');
  return split <= 0 ? [] : [[line.slice(0, split).trim(), line.slice(split + 1).trim()]];
}

function exchangeOf({ target, isSecure, status, ...rest }: Reading): RecordedExchange[] {
  const host = rest.requestHeaders.find(([name]) => /^(?:host|:authority)$/i.test(name))?.[1] ?? '';
  const scheme = isSecure ? 'https' : 'http';
  // Through a proxy the target is a whole URL.
  const url = URL.parse(/^https?:\/\//i.test(target) ? target : `${scheme}://${host}${target}`);
  if (url === null) return [];
  const date = Date.parse(rest.responseHeaders.find(([name]) => name.toLowerCase() === 'date')?.[1] ?? '');
  return [
    { url, ...rest, ...(status !== undefined && { status }), ...(!Number.isNaN(date) && { time: date }) },
  ];
}

/**
 * Every text that can be got out of a cookie without a key: the value as it is and percent-decoded, and each run of its letters
 * and digits read as base64 and as base64url, from wherever in it a text might begin.
 */
export function readable(value: string): string {
  const plain = safelyDecoded(value);
  const decoded = plain
    .split(/[^\w+/-]+/)
    .flatMap((run) =>
      [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64url').toString('latin1')),
    );
  return [value, plain, ...decoded].join('\n');
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { setKey } from '../../store/record.ts';
import type { SessionFacts } from '../request-session.ts';

/**
 * A session as text, before it is sealed: a JSON array of what is known of it and of the keys of its data, then a line for
 * each key with its JSON text. JSON text holds no line break, so a value is parsed only when it is read.
 */
export function sealedText(row: SessionFacts): string {
  const { selector, userId, createdAt, authenticatedAt, seenAt, idle, absoluteAt, remember, data } = row;
  const keys = Object.keys(data);
  const remembered = remember ? 1 : 0;
  const head = [selector, userId, createdAt, authenticatedAt, seenAt, idle, absoluteAt, remembered, ...keys];
  return [JSON.stringify(head), ...keys.map((key) => data[key])].join('\n');
}

/** The session of a text that {@link sealedText} made. */
export function readSealedText(text: string): SessionFacts {
  const [head = '', ...texts] = text.split('\n');
  const [selector, userId, createdAt, authenticatedAt, seenAt, idle, absoluteAt, remembered, ...keys] =
    JSON.parse(head) as [
      string,
      string | null,
      number,
      number | null,
      number,
      number,
      number,
      0 | 1,
      ...string[],
    ];
  const data: Record<string, string> = {};
  for (let index = 0; index < keys.length; index += 1)
    setKey(data, keys[index] as string, texts[index] ?? '');
  const idleAt = Math.min(seenAt + idle, absoluteAt);
  const remember = remembered === 1;
  return {
    selector,
    gen: 0,
    userId,
    data,
    createdAt,
    authenticatedAt,
    seenAt,
    idle,
    idleAt,
    absoluteAt,
    remember,
  };
}

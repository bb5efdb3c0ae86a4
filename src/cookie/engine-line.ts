import type { EngineRules } from '../scope/engines.ts';
import { decodeUtf8, encodeUtf8, toBytes } from '../scope/octets.ts';
import type { ReasonCode } from '../scope/reasons.ts';

/** A Set-Cookie line of octets as an engine begins to read it. */
export function lineAs(line: string, rules: EngineRules): string {
  if (!rules.controlEnds) return line;
  const at = line.search(/[\x00-\x08\x0a-\x1f\x7f]/);
  return at === -1 ? line : line.slice(0, at);
}

/** Name and value as an engine takes them, or why it takes none. */
export function pairAs<Pair extends { name: string; value: string }>(
  pair: Pair,
  line: string,
  rules: EngineRules,
): Pair | ReasonCode {
  let { name, value } = pair;
  if (rules.tab === 'refused' && /[^\t ;=][\t ]*\t[\t ]*[^\t ;=]/.test(line))
    return 'cookie-control-character';
  if (rules.tab === 'ends') value = value.split('\t', 1)[0]!;
  if (name === '' && rules.namelessIsName && !/^[^;]*=/.test(line)) [name, value] = [value, ''];
  if (rules.octets === 'emptied' && /[^\x00-\x7f]/.test(value)) value = '';
  if (rules.octets === 'replaced' && decodeUtf8(value) === undefined)
    value = encodeUtf8(new TextDecoder().decode(toBytes(value)));
  return { ...pair, name, value };
}

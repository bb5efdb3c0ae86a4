import type { EngineRules } from '../scope/engines.ts';
import { decodeUtf8, encodeUtf8, toBytes } from '../scope/octets.ts';
import type { ReasonCode } from '../scope/reasons.ts';

/** A Set-Cookie line of octets as an engine begins to read it. */
export function lineAs(line: string, rules: EngineRules): string {
  if (!rules.asciiOnly) return line;
  return line.replaceAll(/(^|[;=])[\t ]+/g, '$1').split(/[^\x20-\x7f]/, 1)[0]!;
}

/** Name and value as an engine takes them, or why it takes none. */
export function pairAs<Pair extends { name: string; value: string }>(
  pair: Pair,
  line: string,
  rules: EngineRules,
): Pair | ReasonCode {
  let { name, value } = pair;
  if (rules.tabRefused && /[^\t ;=][\t ]*\t[\t ]*[^\t ;=]/.test(line)) return 'cookie-control-character';
  if (name === '' && rules.namelessIsName && !/^[^;]*=/.test(line)) [name, value] = [value, ''];
  if (rules.invalidUtf8Replaced && decodeUtf8(value) === undefined)
    value = encodeUtf8(new TextDecoder().decode(toBytes(value)));
  return { ...pair, name, value };
}

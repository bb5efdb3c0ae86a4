export {
  type Explained,
  type ExplainedGroup,
  explain,
  explainedCodes,
  explainedGroups,
} from './explained.ts';
export type { Code, Explanation, RaceFindingCode } from './explanation.ts';
export { codeSyntax, codesIn, nearestCodes } from './find-codes.ts';

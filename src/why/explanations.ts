import type { LintFindingCode } from '../scope/lint-finding.ts';
import { audit } from './audit.ts';
import { clientErrors } from './client-errors.ts';
import type { Code, CodeWithSentence, Explanation, ExplanationWithSentence } from './explanation.ts';
import { lintCookies } from './lint-cookies.ts';
import { lintExchanges } from './lint-exchanges.ts';
import { lintLines } from './lint-lines.ts';
import { races } from './races.ts';
import { refusing } from './refusing.ts';
import { sending } from './sending.ts';
import { serverErrors } from './server-errors.ts';
import { sessions } from './sessions.ts';
import { setting } from './setting.ts';
import { tokens } from './tokens.ts';
import { serverWarnings } from './warnings.ts';
import { withholding } from './withholding.ts';

/** Codes that are met in one place. */
export interface Group {
  readonly title: string;
  /** Where the documents treat them, below docs/, but for those that say where themselves. */
  readonly guide: string;
  readonly explanations: Readonly<Partial<Record<Code, Explanation>>>;
}

/** Everything, in the order in which it is listed. */
export const groups: readonly Group[] = [
  { title: 'A cookie is not kept', guide: 'cookies.md#why-was-my-cookie-dropped', explanations: setting },
  {
    title: 'A cookie is not sent, or not read',
    guide: 'faq.md#it-is-kept-but-not-sent',
    explanations: sending,
  },
  { title: 'A credential stays behind', guide: 'client.md#why-did-it-not-arrive', explanations: withholding },
  { title: 'A request of a page is refused', guide: 'server.md#csrf', explanations: refusing },
  { title: 'A visitor has no session', guide: 'sessions.md#events', explanations: sessions },
  { title: 'A token is refused', guide: 'tokens.md', explanations: tokens },
  { title: 'A call fails', guide: 'errors.md#in-the-client', explanations: clientErrors },
  { title: 'A server, a store or a seal fails', guide: 'errors.md', explanations: serverErrors },
  { title: 'Two requests meet', guide: 'races.md#what-it-finds', explanations: races },
  {
    title: 'Lint: how a line is written',
    guide: 'cookies.md#before-it-is-dropped-lint',
    explanations: lintLines,
  },
  {
    title: 'Lint: what becomes of a cookie',
    guide: 'cookies.md#before-it-is-dropped-lint',
    explanations: lintCookies,
  },
  {
    title: 'Lint: what happened between requests',
    guide: 'cli.md#lint',
    explanations: lintExchanges,
  },
  { title: 'A server warns', guide: 'server.md#what-the-pipeline-tells', explanations: serverWarnings },
  { title: 'An audit of a client', guide: 'client.md#what-will-be-regretted', explanations: audit },
];

const all = {
  ...setting,
  ...sending,
  ...withholding,
  ...refusing,
  ...sessions,
  ...tokens,
  ...clientErrors,
  ...serverErrors,
  ...races,
  ...lintLines,
  ...lintCookies,
  ...lintExchanges,
  ...serverWarnings,
  ...audit,
};

/** Errors and what a race finds bring their sentence; everything else has one in the tables of the kernel. */
type Explanations = Record<LintFindingCode, Explanation> & Record<CodeWithSentence, ExplanationWithSentence>;
type NoSuchCode = Exclude<keyof typeof all, Code>;

/** Every code and what it means: a code without an explanation does not compile here, nor one that does not exist. */
export const explanations: Readonly<Explanations> = all satisfies Record<NoSuchCode, never>;

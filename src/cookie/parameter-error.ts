import { HttpError } from '../errors.ts';

/** One complaint about a request's parameter, in the shape that FastAPI made common. */
export interface ParameterProblem {
  /** Where: `['cookie', name]`, and the path inside the value. */
  loc: (string | number)[];
  msg: string;
  type: string;
}

/**
 * A required cookie is missing or invalid: 422 with one problem each. Never holds the value.
 *
 * @example
 * ```ts
 * import { CookieParameterError, defineCookie } from 'hallpass';
 *
 * try {
 *   defineCookie('theme').require(new Headers());
 * } catch (error) {
 *   if (!(error instanceof CookieParameterError)) throw error;
 *   console.log(error.status, error.detail[0]?.msg); // → 422 field required
 * }
 * ```
 */
export class CookieParameterError extends HttpError {
  readonly detail: readonly ParameterProblem[];

  constructor(name: string, detail: readonly ParameterProblem[]) {
    super('cookie-parameter', 422, `The cookie ${name}: ${detail.map((problem) => problem.msg).join('; ')}.`);
    this.detail = detail;
  }

  override get body(): object {
    return { detail: this.detail };
  }
}

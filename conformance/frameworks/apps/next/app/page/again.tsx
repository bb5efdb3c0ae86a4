import { pass } from '../../lib/pass';

/** A second component that asks for the session. */
export async function Again() {
  return <p id="again">{(await pass.session()).user ?? 'nobody'}</p>;
}

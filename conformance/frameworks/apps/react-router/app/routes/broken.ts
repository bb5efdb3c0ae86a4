import type { LoaderFunctionArgs } from 'react-router';
import { theme, visitor } from '../pass.server';

export async function loader({ context }: LoaderFunctionArgs): Promise<never> {
  const visit = context.get(visitor);
  const session = await visit.session();
  session.login('mallory');
  session.set('boomed', true);
  visit.cookies.set(theme, 'broken');
  throw new Error('boom');
}

export const action = loader;

/** Never shown. */
export default function Broken() {
  return null;
}

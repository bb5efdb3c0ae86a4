import { Suspense } from 'react';
import { pass } from '../../lib/pass';
import { count, signIn, signOut } from './actions';

async function Visitor() {
  const session = await pass.session();
  return (
    <p id="start">
      Counted {session.get('visits') ?? 0}, {session.user ?? 'not signed in'}
    </p>
  );
}

export default function Page() {
  return (
    <main>
      <Suspense>
        <Visitor />
      </Suspense>
      <form action={count}>
        <button type="submit">Count</button>
      </form>
      <form action={signIn}>
        <input name="user" aria-label="user" required />
        <button type="submit">Sign in</button>
      </form>
      <form action={signOut}>
        <button type="submit">Sign out</button>
      </form>
    </main>
  );
}

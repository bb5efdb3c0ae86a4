import { Suspense } from 'react';
import { pass } from '../../lib/pass';
import { fail, login, logout, note } from './actions';
import { Again } from './again';

async function Visitor() {
  const session = await pass.session();
  return (
    <>
      <p id="user">{session.user ?? 'nobody'}</p>
      <p id="note">{session.get('note') ?? 'none'}</p>
      <p id="expires">{session.expiresAt}</p>
      <Again />
    </>
  );
}

export default function Page() {
  return (
    <main>
      <Suspense>
        <Visitor />
      </Suspense>
      <form action={login} id="login">
        <input name="user" />
      </form>
      <form action={note} id="note-form">
        <input name="note" />
      </form>
      <form action={fail} id="fail" />
      <form action={logout} id="logout" />
    </main>
  );
}

'use server';

import { redirect } from 'next/navigation';
import { pass } from '../../lib/pass';

export async function count(): Promise<void> {
  await pass.act(async (context) => {
    (await context.session()).update('visits', (visits = 0) => visits + 1);
  });
}

export async function signIn(form: FormData): Promise<void> {
  await pass.act(async (context) => {
    // Look at the password here, before the login.
    (await context.session()).login(String(form.get('user')));
    redirect('/start');
  });
}

export async function signOut(): Promise<void> {
  await pass.act(async (context) => (await context.session()).logout());
}

'use server';

import { redirect } from 'next/navigation';
import { pass } from '../../lib/pass';

export async function login(form: FormData): Promise<void> {
  await pass.act(async (context) => {
    const session = await context.session();
    session.login(String(form.get('user')));
    session.set('note', 'from an action');
    redirect('/page');
  });
}

export async function note(form: FormData): Promise<void> {
  await pass.act(async (context) => {
    (await context.session()).set('note', String(form.get('note')));
  });
}

export async function fail(): Promise<void> {
  await pass.act(async (context) => {
    (await context.session()).set('note', 'of a failure');
    throw new Error('boom');
  });
}

export async function logout(): Promise<void> {
  await pass.act(async (context) => (await context.session()).logout());
}

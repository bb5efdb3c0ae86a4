import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from 'react-router';
import { visitor } from '../pass.server';

export async function loader({ context }: LoaderFunctionArgs) {
  return { user: (await context.get(visitor).user()) ?? 'nobody' };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const session = await context.get(visitor).session();
  session.login(String((await request.formData()).get('user')));
  return redirect('/page');
}

export default function Page() {
  return (
    <Form method="post">
      <p id="user">{useLoaderData<typeof loader>().user}</p>
      <input name="user" />
    </Form>
  );
}

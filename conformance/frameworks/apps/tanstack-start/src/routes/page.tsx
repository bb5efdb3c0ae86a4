import { createFileRoute } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { breakOff } from '../break-off';
import { member } from '../member';

const visitor = createServerFn().handler(async ({ context }) => ({
  user: (await context.hallpass.user()) ?? 'nobody',
}));

export const Route = createFileRoute('/page')({ loader: () => visitor(), component: Page });

function Page() {
  return (
    <>
      <p id="user">{Route.useLoaderData().user}</p>
      <p id="breakOff">{breakOff.url}</p>
      <p id="member">{member.url}</p>
    </>
  );
}

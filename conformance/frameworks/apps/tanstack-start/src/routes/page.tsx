import { createFileRoute } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';

const visitor = createServerFn().handler(async ({ context }) => ({
  user: (await context.hallpass.user()) ?? 'nobody',
}));

export const Route = createFileRoute('/page')({ loader: () => visitor(), component: Page });

function Page() {
  return <p id="user">{Route.useLoaderData().user}</p>;
}

import { createServerFn } from '@tanstack/react-start';

export const member = createServerFn().handler(({ context }) => context.hallpass.requireUser());

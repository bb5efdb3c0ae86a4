import { GraphQLError } from 'graphql';
import { HttpError } from 'hallpass';
import type { RequestContext } from 'hallpass/server';
import type { Data } from './pass.ts';

export interface Context {
  hallpass: RequestContext<Data>;
}

/** Servers of GraphQL answer what a GraphQLError says, and "Unexpected error." for any other. */
export async function requireUser({ hallpass }: Context): Promise<string> {
  try {
    return await hallpass.requireUser();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { message, code, status } = error;
    throw new GraphQLError(message, { extensions: { code, http: { status } } });
  }
}

/** The answer of a failed operation is 200: what it wrote is dropped by hand. */
export function failOn(errors: readonly GraphQLError[], { hallpass }: Context): void {
  const isFailure = ({ originalError }: GraphQLError) =>
    originalError !== undefined && !(originalError instanceof GraphQLError);
  if (errors.some(isFailure)) hallpass.fail();
}

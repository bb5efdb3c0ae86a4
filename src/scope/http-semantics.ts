/** Methods that do the same once or several times. RFC 9110 §9.2.2. */
export const idempotentMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** Methods that `Request` refuses: they answer with the request's secrets, or are for proxies. Fetch §2.2.1, "forbidden method". */
const forbiddenMethods: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/** Statuses whose answers have no body. Fetch §2.2.3, "null body status". */
const nullBodyStatuses: readonly number[] = [101, 103, 204, 205, 304];

/** True for a method that asks for nothing but to be shown something. RFC 9110 §9.2.1. */
export const isSafeMethod = (method: string): boolean =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE';

/** True for a method that may be repeated without harm. */
export const isIdempotentMethod = (method: string): boolean => idempotentMethods.includes(method);

/** True for a method that no `Request` has, in any case of its letters. */
export const isForbiddenMethod = (method: string): boolean => forbiddenMethods.includes(method.toUpperCase());

/** True for an answer that has no body, whatever its headers say. RFC 9110 §6.4.1. */
export const hasNoBody = (method: string | undefined, status: number): boolean =>
  method === 'HEAD' || nullBodyStatuses.includes(status);

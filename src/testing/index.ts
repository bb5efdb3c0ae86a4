export { type TestClock, testClock } from './clock.ts';
export {
  createTestClient,
  type FetchHandler,
  type TestApp,
  type TestClientOptions,
  type WebApp,
} from './test-client.ts';

export { type TestClock, testClock } from './clock.ts';

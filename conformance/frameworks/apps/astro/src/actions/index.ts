import { defineAction } from 'astro:actions';
import { breakOff } from '../broken';

export const server = {
  broken: defineAction({ handler: (_input, { locals }) => breakOff(locals) }),
  brokenForm: defineAction({ accept: 'form', handler: (_input, { locals }) => breakOff(locals) }),
};

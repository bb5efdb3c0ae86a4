import type { Section } from './section.ts';

/** What an app may expect of what stands in its middle. */
export const invisible: Section = {
  title: 'Invisible in the middle',
  about:
    'An app with hallpass answers as it did without, and nothing ends its process. The guides to [adapters](adapters.md) and [the server](server.md).',
  promises: {
    S148: 'Programs of every framework answer with hallpass as they do without it, but for what [a table](adapters.md#what-is-sent-and-when) says.',
    S149: 'No second answer, late throw, stopped body, reset peer or unfit value ends the process where it would not without hallpass.',
    S150: 'A Response that a handler keeps goes to the next visitor without the cookies of the one before.',
    S151: 'A fetched answer that is passed on is what was decoded, and no body becomes the next answer on its connection.',
    S152: 'A commit that fails is the answer, in the words of the app’s error handlers where it has some, whatever the handler still writes.',
    S153: 'A client that leaves ends the body that was for it.',
    S154: 'Proxies are believed by address and by one kind of header, and of two names for a host neither is served.',
    S155: 'Origins are exact, patterns, functions or apps, and routes are exempt by name or by family; what could never match is a TypeError.',
    S156: 'A request of another site without our cookie begins no anonymous session, and a prefetch signs nobody in or out; both are told.',
    S157: 'A failure keeps no login and no writes, whoever answers it, and what is thrown as an answer is one.',
    S158: 'Other frameworks answer our errors with the status that they have.',
    S159: 'What is one in a process is one for every copy of its module.',
    S160: 'An error that nobody listens for is logged.',
  },
};

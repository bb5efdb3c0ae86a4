import type { Program } from './program.ts';

/** What once was not so, with a small program that showed it: what it has beside an asynchronous handler, a stranger and a plain client. */
export interface Mended {
  readonly sentence: string;
  readonly program: Partial<Program> & Pick<Program, 'framework' | 'steps'>;
}

/** Of functions of the cloud. */
export const mendedFunctions: readonly Mended[] = [
  {
    sentence: 'a function of the cloud takes an answer when it is there, not while it waits',
    program: { framework: 'serverless-http', session: 'sealed cookie', style: 'sync', steps: ['send'] },
  },
  {
    sentence: 'a function of the cloud gets an answer that was destroyed behind its end',
    program: { framework: 'serverless-http', session: 'set', steps: ['endLarge', 'destroyError'] },
  },
  {
    sentence: 'a function of the cloud tells of an answer that was destroyed, with what belongs on it',
    program: { framework: 'codegenie', session: 'read', steps: ['destroy', 'jsonStatus'] },
  },
  {
    sentence: 'a function of the cloud that destroys its answer loses nothing that was written',
    program: {
      framework: 'serverless-http',
      session: 'login',
      store: 'slow',
      steps: ['destroy', 'jsonStatus'],
    },
  },
  {
    sentence: 'a function of the cloud that destroys its answer hears of a commit that fails',
    program: {
      framework: 'serverless-http',
      session: 'large cookie',
      around: ['session inside'],
      steps: ['sendLarge', 'destroy'],
    },
  },
  {
    sentence: 'a function of the cloud gets the answer to a commit that fails under a body that goes on',
    program: {
      framework: 'codegenie',
      session: 'set',
      store: 'late',
      around: ['compression outside'],
      steps: ['sendLarge'],
    },
  },
  {
    sentence: 'a function of the cloud does not fail by a write after the end of an answer that waits',
    program: {
      framework: 'serverless-http',
      session: 'set',
      store: 'slow',
      steps: ['redirect', 'pipelineBreaks'],
    },
  },
  {
    sentence: 'a function of the cloud gets the whole answer of which a part was written before its end',
    program: {
      framework: 'serverless-http',
      session: 'set',
      store: 'quick',
      around: ['session inside'],
      steps: ['endBytes'],
    },
  },
  {
    sentence:
      'a function of the cloud whose answer was destroyed by an error fails by it, whatever its commit does',
    program: {
      framework: 'codegenie',
      session: 'large cookie',
      around: ['compression outside'],
      steps: ['pipeSlow', 'badMessage'],
    },
  },
  {
    sentence:
      'a function of the cloud that destroys its answer and ends it fails behind that, and answers nothing else',
    program: {
      framework: 'serverless-http',
      method: 'HEAD',
      session: 'set',
      store: 'quick',
      steps: ['destroy', 'trailerHeader', 'endBytes', 'throwText'],
    },
  },
  {
    sentence: 'a function of the cloud that destroys its answer with an error gets what it ends it with',
    program: {
      framework: 'serverless-http',
      session: 'sealed cookie',
      steps: ['destroyError', 'jsonStatus'],
    },
  },
  {
    sentence:
      'a function of the cloud that destroys its answer with an error and ends it with nothing is answered',
    program: {
      framework: 'codegenie',
      session: 'sealed cookie',
      store: 'slow',
      style: 'sync',
      steps: ['destroyError', 'end'],
    },
  },
  {
    sentence:
      'a function of the cloud that ends its answer later, destroyed with an error, is waited for in vain',
    program: {
      framework: 'codegenie',
      session: 'sealed cookie',
      opens: 'before',
      store: 'slow',
      steps: ['destroyError', 'readBody', 'endUtf8'],
    },
  },
  {
    sentence:
      'what makes a head at the end, as compression does, makes it of a destroyed answer of a function, too',
    program: {
      framework: 'serverless-http',
      visitor: 'ada',
      session: 'rotate',
      store: 'quick',
      around: ['compression outside'],
      steps: ['destroy', 'endLarge', 'setHeader'],
    },
  },
  {
    sentence:
      'a function of the cloud with compression round its destroyed answer gets that of a failed commit',
    program: {
      framework: 'serverless-http',
      visitor: 'ada',
      session: 'rotate',
      store: 'late',
      around: ['compression outside'],
      steps: ['destroy', 'endLarge'],
    },
  },
  {
    sentence: 'what a function of the cloud sets in the tick of its end, its answer destroyed, is on it',
    program: {
      framework: 'codegenie',
      session: 'sealed cookie',
      store: 'slow',
      style: 'sync',
      steps: ['destroy', 'endLarge', 'location', 'cookie'],
    },
  },
  {
    sentence: 'a status that a function of the cloud sets turns after its end is none of its answer',
    program: {
      framework: 'codegenie',
      session: 'set',
      store: 'slow',
      steps: ['end', 'tick', 'badStatus', 'pause'],
    },
  },
  {
    sentence: 'a function of the cloud that destroys its answer is refused an end with what is no chunk',
    program: { framework: 'codegenie', session: 'set', store: 'quick', steps: ['destroy', 'endObject'] },
  },
  {
    sentence: 'an error after an answer whose cookie cannot be set is not the answer',
    program: { framework: 'codegenie', session: 'large cookie', steps: ['nextStatus', 'endUtf8'] },
  },
  {
    sentence: 'a function of the cloud: what is ended again is seen by whoever counts what is written',
    program: {
      framework: 'serverless-http',
      session: 'set',
      around: ['counter inside'],
      steps: ['sendLarge', 'finish', 'endBytes'],
    },
  },
  {
    sentence:
      'a function of the cloud that ends its answer a second time with a text is told that it is refused',
    program: { framework: 'codegenie', session: 'set', steps: ['send', 'endLarge', 'finish'] },
  },
  {
    sentence: 'a function of the cloud that ends again what it has destroyed behind its end is told nothing',
    program: {
      framework: 'serverless-http',
      session: 'set',
      steps: ['sendLarge', 'destroy', 'endText', 'finish'],
    },
  },
  {
    sentence: 'a function of the cloud that ends twice what it has destroyed is told of the first end alone',
    program: {
      framework: 'serverless-http',
      session: 'schema',
      store: 'slow',
      steps: ['destroy', 'endText', 'endLarge'],
    },
  },
  {
    sentence: 'a function of the cloud that destroys its answer while that waits sends no more of it',
    program: {
      framework: 'codegenie',
      session: 'set',
      store: 'quick',
      around: ['counter outside', 'compression inside'],
      steps: ['destroyError', 'json'],
    },
  },
  {
    sentence: 'a function of the cloud that writes a head behind its destroyed answer loses no cookie by it',
    program: {
      framework: 'codegenie',
      session: 'sealed cookie',
      store: 'slow',
      steps: ['destroyError', 'redirectStatus', 'events'],
    },
  },
  {
    sentence: 'nor one that has headers of its own by then, as JSON has',
    program: {
      framework: 'serverless-http',
      session: 'set',
      store: 'quick',
      steps: ['destroy', 'json', 'writeHead'],
    },
  },
  {
    sentence: 'an end that is put off is compared with no length of the answer to a failed commit',
    program: {
      framework: 'codegenie',
      visitor: 'ada',
      session: 'large cookie',
      store: 'failing',
      around: ['compression inside', 'head maker outside', 'session outside'],
      steps: ['redirectStatus', 'strictLength'],
    },
  },
];

import { type Lab, type LabOrigins, startLab } from 'hallpass/testing/lab';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** The lab of a test file. */
export type TestLab = Pick<Lab, 'origins' | 'log' | 'ca' | 'transport'>;

/** Starts a lab before the tests of the calling file, forgets between them what it saw, and ends it after them. */
export function useLab(started: (origins: LabOrigins) => void = () => {}): TestLab {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    started(lab.origins);
  });
  beforeEach(() => {
    lab.log.length = 0;
  });
  afterAll(() => lab.close());
  return {
    get origins() {
      return lab.origins;
    },
    get log() {
      return lab.log;
    },
    get ca() {
      return lab.ca;
    },
    get transport() {
      return lab.transport;
    },
  };
}

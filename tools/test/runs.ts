/** How many hostile inputs a fuzz test makes: all of them in CI, fewer where somebody waits. */
export const hostileRuns: number = process.env.CI === 'true' ? 100_000 : 5_000;

/** How many processes a race kills at least. */
export const raceKills = 12;

/** For how many seconds a race goes on at least: `npm run race` takes its time. */
export const raceSeconds: number = Number(process.env.HALLPASS_RACE_SECONDS ?? 0);

/** How many writes a race waits for, however busy the machine is: 3,000 in a minute. */
export const raceWrites: number = raceSeconds * 50;

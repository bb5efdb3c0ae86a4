/** How many hostile inputs a fuzz test makes: all of them in CI, fewer where somebody waits. */
export const hostileRuns: number = process.env.CI === 'true' ? 100_000 : 5_000;

/** How many processes a race kills at least. */
export const raceKills = 12;

/** For how many seconds a race goes on: `npm run race` takes its time. */
export const raceSeconds: number = Number(process.env.HALLPASS_RACE_SECONDS ?? 0);

/** How many hostile inputs a fuzz test makes: all of them in CI, fewer where somebody waits. */
export const hostileRuns: number = process.env.CI === 'true' ? 100_000 : 5_000;

/** How many processes a race kills: `npm run race` takes its time. */
export const raceKills: number = Number(process.env.HALLPASS_RACE_KILLS ?? 12);

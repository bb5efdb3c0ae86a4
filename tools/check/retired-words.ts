/** Words that no name in the library has any more: each had a plainer word of the field. */
export const words: ReadonlySet<string> = new Set([
  ...['leg', 'legs', 'tell', 'tells', 'told', 'hear', 'hears', 'heard', 'hold', 'said', 'giver'],
  ...['veil', 'veils', 'veiled', 'passage', 'passages', 'shelf', 'shelves', 'gate', 'gates', 'slot', 'slots'],
  ...['alarm', 'alarms', 'alarmed'],
]);

/** Names that a platform chose. */
export const platformNames: ReadonlySet<string> = new Set(['alarm', 'getAlarm', 'setAlarm']);

/** Words that are the term of the field in some folders, and there alone. */
export const termsOfFolders: readonly { readonly folder: string; readonly words: ReadonlySet<string> }[] = [
  // Redis Cluster divides its keys among 16,384 hash slots, and so its specification and its clients call them.
  ...['src/store/redis/', 'tools/test/redis'].map((folder) => ({
    folder,
    words: new Set(['slot', 'slots']),
  })),
  // Against requests forged by a name that resolves to an inner address; a limit of time is none.
  ...['src/client/', 'src/cli/doctor', 'src/panel/'].map((folder) => ({ folder, words: new Set(['guard']) })),
];

/** Words that went from the library; around it browsers visit pages, and applications call what they mount a pass. */
export const libraryWords: ReadonlySet<string> = new Set(['visit', 'visits', 'pass', 'guard']);

/** What our own papers call the parts of the library and their entry points. `room` alone is also what a disk has. */
export const paperWords: ReadonlySet<string> = new Set(['door', 'doors', 'rooms']);

/** Words that went together, as a name has them. */
export const pairs: readonly string[] = ['known secret', 'known secrets'];

/** Whole names that went from the library; tests of it may use them, as streams have handles. */
export const libraryNames: ReadonlySet<string> = new Set(['handle']);

/** Whole names that went from everywhere. */
export const names: ReadonlySet<string> = new Set([
  ...[
    'Pass',
    'Slot',
    'Leg',
    'LegHop',
    'Veil',
    'HttpFacingError',
    'PerEmission',
    'Finding',
    'TrapCode',
    'Sealing',
  ],
  ...['traps', 'commitLines', 'CookieSource', 'TokenSource', 'TokenTarget', 'HeaderSink', 'TokenVisitor'],
  ...['TokenRefusal', 'Hooked', 'Attaching', 'guardWith', 'EitherVisitor'],
]);

/** Nouns of those that plain English has no other use for here, so that comments are read for them too. `tell`, `hold`, `pass` and `visit` are verbs there. */
export const commentWords: ReadonlySet<string> = new Set([
  ...['leg', 'legs', 'giver', 'veil', 'veils', 'passage', 'passages', 'shelf', 'shelves', 'gate', 'gates'],
  ...['slot', 'slots', 'door', 'doors', 'rooms'],
]);

/** Turns of phrase that went from documents, docstrings and messages. */
export const phrases: readonly RegExp[] = [
  /\bunless said\b/i,
  /\bsession\.handle\b/,
  /\bclient\.json\(/,
  /\bredirect: \{ max: /,
  /\bretry: \{ limit: /,
  /\bmemoryStore\(\{ max: /,
  /\bretry: \{ budget: /,
  /\{ attempts: /,
];

/** Guides say what a stranger says; a path is no word. */
export const guidePhrases: readonly RegExp[] = [
  /(?<![\w/-])rooms?\b(?!\.ts)/i,
  /(?<![\w/-])doors?\b(?!\.ts)/i,
];

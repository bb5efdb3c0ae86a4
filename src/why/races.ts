/** What `hallpass race` finds where two requests of one browser meet. */
export const races = {
  'lost-write': {
    sentence: 'A write that was answered as done is lost.',
    why: 'Two requests read the whole session, each changed its part, and each wrote the whole back: the later write took the earlier one with it, though both were answered as done.',
    fix: 'Write what changed, not the whole session, or take the requests of a session one after the other.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Map([['id', { theme: 'light', language: 'en' }]]);
      const read = () => ({ ...rows.get('id')! });
      const [one, other] = [read(), read()]; // two requests at once
      rows.set('id', { ...one, theme: 'dark' });
      rows.set('id', { ...other, language: 'de' });
      if (rows.get('id')?.theme !== 'dark')
        console.log(explain('lost-write')?.code); // → lost-write
    `,
  },
  revived: {
    sentence: 'A session came back after its sign-out.',
    why: 'A request had opened the session before the sign-out ended it, and saved it afterwards by an insert: the row is there again, and somebody is signed in, in the browser or with its cookies of before.',
    fix: 'Save by an update that finds no row when the session has ended; never insert one again.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Map([['id', { user: 'ada', theme: 'light' }]]);
      const opened = { ...rows.get('id')! }; // by a slow request
      rows.delete('id'); // by the sign-out
      rows.set('id', { ...opened, theme: 'dark' }); // the slow one saves
      if (rows.has('id')) console.log(explain('revived')?.code); // → revived
    `,
  },
  'outlives-sign-out': {
    sentence: 'A copy of the cookies is signed in after the sign-out.',
    why: 'Nothing met the sign-out: it deletes the cookies in the browser and ends nothing on the server, as where the whole session is in its cookie. Whoever copied the cookies goes on.',
    fix: 'End the session on the server, and ask there at every request.',
    example: `
      import { generateKey, keyRing, open, seal } from 'hallpass/seal';
      import { explain } from 'hallpass/why';

      const ring = keyRing(generateKey());
      const browser = new Map([['id', await seal(ring, 'session', 'ada')]]);
      const copy = browser.get('id') ?? '';
      browser.delete('id'); // all that the sign-out does
      if ((await open(ring, 'session', copy)) === 'ada')
        console.log(explain('outlives-sign-out')?.code); // → outlives-sign-out
    `,
  },
  fixation: {
    sentence: 'The id of before the sign-in is signed in.',
    why: 'The sign-in wrote the user into the session that the visitor had already. Whoever planted its cookie, from a sibling host or on a machine that people share, knows the id and is signed in as well.',
    fix: 'Give the session a new id at the sign-in, and end the old one.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Map<string, { user?: string }>([['planted', {}]]);
      rows.set('planted', { user: 'ada' }); // a sign-in that keeps the id
      if (rows.get('planted')?.user === 'ada')
        console.log(explain('fixation')?.code); // → fixation
    `,
  },
  'outlives-sign-in': {
    sentence: 'An id of before a sign-in is good after it.',
    why: 'A request that had opened the session of before saved it after the sign-in had replaced it, and what was written before came back; or who signed in once more is still in with the cookies of before.',
    fix: 'End the old id at each sign-in, and save by an update that finds no row when the id was replaced.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Map([['old', { user: '', cart: 1 }]]);
      const opened = { ...rows.get('old')! }; // by a slow request
      rows.delete('old'); // by the sign-in, under a new id
      rows.set('new', { ...opened, user: 'ada' });
      rows.set('old', { ...opened, cart: 2 }); // the slow one saves
      if (rows.has('old'))
        console.log(explain('outlives-sign-in')?.code); // → outlives-sign-in
    `,
  },
  'signed-out': {
    sentence: 'Two tabs sign each other out.',
    why: 'One request got a new id for the session, while another was under way with the old one. That one found no session, and its answer, which came last, set a cookie of nobody over the new one.',
    fix: 'Let an id that was just replaced open its session a moment longer, and let no late answer set cookies of nobody.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Map([['old', 'ada']]);
      const cookies = ['old']; // as they arrive in the browser
      rows.delete('old'); // one tab gets a new id
      rows.set('new', 'ada');
      const late = rows.has('old') ? 'old' : 'nobody'; // the other came with old
      cookies.push('new', late);
      if (!rows.has(cookies.at(-1) ?? ''))
        console.log(explain('signed-out')?.code); // → signed-out
    `,
  },
  'server-error': {
    sentence: 'The app fails when two requests meet.',
    why: 'A request is answered with a status of 5xx, and never when the two come one after the other: both insert the same row, say, or one waits for what the other has locked.',
    fix: 'Look into the log of the app: it has the error.',
    example: `
      import { explain } from 'hallpass/why';

      const rows = new Set<string>();
      const insert = (id: string) => {
        if (rows.has(id)) return 500; // a key that is there already
        rows.add(id);
        return 200;
      };
      const found = [rows.has('ada'), rows.has('ada')]; // both looked first
      const statuses = found.map((has) => (has ? 200 : insert('ada')));
      if (statuses.includes(500))
        console.log(explain('server-error')?.code); // → server-error
    `,
  },
};

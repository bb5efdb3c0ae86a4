import { H3, html, redirect, serve } from 'h3';
import { hallpass } from 'hallpass/h3';
import { createSessions } from 'hallpass/session';
import { sqliteStore } from 'hallpass/stores/sqlite';

const sessions = createSessions<{ visits: number }>({ store: sqliteStore('sessions.db') });
const pass = hallpass({ sessions, origins: ['http://localhost:8080'] });

const app = new H3();
app.use(pass); // before the routes

app.get('/', async (event) => {
  const session = await pass.session(event);
  session.update('visits', (visits = 0) => visits + 1);
  return `Visit ${session.get('visits')}, ${session.user ?? 'not signed in'}`;
});

app.get(
  '/account',
  () => html`<form method="post" action="/sign-in"><input name="user" aria-label="user" required><button>Sign in</button></form>
    <form method="post" action="/sign-out"><button>Sign out</button></form>`,
);

app.post('/sign-in', async (event) => {
  const session = await pass.session(event);
  const form = await event.req.formData();
  session.login(String(form.get('user'))); // look at the password before this line
  return redirect('/', 303);
});

app.post('/sign-out', async (event) => {
  (await pass.session(event)).logout();
  return redirect('/', 303);
});

serve(app, { port: 8080 });

export default defineEventHandler(async (event) => {
  const session = await pass.session(event);
  session.update('visits', (visits = 0) => visits + 1);
  return {
    user: session.user ?? null,
    visits: session.get('visits'),
    flash: session.flash('greeting') ?? null,
    boomed: session.get('boomed') ?? null,
  };
});

export default defineEventHandler(async (event) => {
  const session = await pass.session(event);
  session.login(String((await readFormData(event)).get('user')));
  session.flash('greeting', 'welcome');
  return sendRedirect(event, '/api/me', 303);
});

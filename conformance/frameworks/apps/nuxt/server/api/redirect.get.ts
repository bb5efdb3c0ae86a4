export default defineEventHandler((event) => {
  pass.context(event).cookies.set(theme, 'dark');
  setCookie(event, 'own', '1');
  return sendRedirect(event, '/api/me');
});

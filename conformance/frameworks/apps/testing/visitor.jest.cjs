test('a visitor signs in', async () => {
  const { createTestClient } = await import('hallpass/testing');
  const { app } = await import('./app.ts');
  const visitor = createTestClient(app);
  await visitor.post('/login');
  expect(await visitor.get('/me').json()).toEqual({ user: 'ada' });
});

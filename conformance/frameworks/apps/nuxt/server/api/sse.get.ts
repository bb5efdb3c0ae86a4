export default defineEventHandler(async (event) => {
  const user = await pass.user(event);
  setResponseHeader(event, 'content-type', 'text/event-stream');
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${user} ${++sent}\n\n`));
      if (sent === 3) return controller.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
  });
});

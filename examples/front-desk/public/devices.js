// Keeps the list of devices up to date. Without it the page works too, and shows what was true when it was loaded.
const list = document.querySelector('[data-live-devices]');
const events = new EventSource('/events');
let shown = list.dataset.liveDevices;

events.addEventListener('devices', async ({ data }) => {
  if (data === shown) return;
  shown = data;
  const page = await fetch('/devices').then((response) => response.text());
  const next = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-live-devices]');
  // Nobody's focus is taken away under their hands.
  if (next !== null && !list.contains(document.activeElement)) list.replaceChildren(...next.childNodes);
});

events.addEventListener('ended', () => {
  events.close();
  location.assign('/sign-in?ended=1');
});

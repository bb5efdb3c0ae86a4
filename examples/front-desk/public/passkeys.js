// Makes a passkey, or signs in with one. The parts of a page that need this script are hidden until it runs.
if (typeof PublicKeyCredential?.parseCreationOptionsFromJSON === 'function') {
  for (const part of document.querySelectorAll('[data-needs-passkeys]')) part.hidden = false;
}

async function post(path, body = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  // The page was open for long: the password comes first, as on its own page.
  if (answer.error === 'stale-authentication') location.assign('/confirm?back=/security');
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

async function make(form) {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await post('/passkeys/options'));
  const credential = await navigator.credentials.create({ publicKey: options });
  return post('/passkeys', { name: form.elements.name.value, response: credential.toJSON() });
}

async function signIn() {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await post('/sign-in/passkey/options'));
  const credential = await navigator.credentials.get({ publicKey: options });
  return post('/sign-in/passkey', { response: credential.toJSON() });
}

for (const form of document.querySelectorAll('[data-passkey]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const said = form.querySelector('[role=alert]');
    said.textContent = '';
    try {
      const { to } = await (form.dataset.passkey === 'make' ? make(form) : signIn());
      location.assign(form.elements.back?.value ?? to);
    } catch (error) {
      // Whoever changed their mind knows it: nothing is said of that.
      said.textContent = error.name === 'NotAllowedError' ? '' : error.message;
    }
  });
}

// The controls, by HTTP. JSON only: that is what other sites cannot send.

/** Carries out a control; returns its answer, or throws an error with the server's words. */
export async function post(path, body = {}) {
  const response = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

/** Runs a control behind a button and says how it went. */
export async function press(button, say, doing, control) {
  button.setAttribute('aria-busy', 'true');
  say(`${doing} …`);
  try {
    say(await control());
  } catch (error) {
    say(`${doing}: ${error.message}`);
  } finally {
    button.removeAttribute('aria-busy');
  }
}

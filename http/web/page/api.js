// The public API, and nothing else of the network.

const base = new URL('api/v1/', document.baseURI);

/** What went wrong, from an RFC 9457 document or from a server that did not answer. */
export class Problem extends Error {
  constructor({status = 0, code = 'unreachable', detail, errors = [], retryAfter = null, cause}) {
    super(detail, {cause});
    Object.assign(this, {status, code, detail, errors, retryAfter});
  }
}

export function sessionPath(id) {
  return `recommendations/${encodeURIComponent(id)}`;
}

export function eventsUrl(id) {
  return new URL(`${sessionPath(id)}/events`, base).href;
}

/** The answer's document (null if it has none) and status; throws a Problem. */
export async function ask(method, path, body, headers = {}) {
  const sent = {method, headers: {accept: 'application/json', ...headers}};
  if (body !== undefined) {
    sent.body = JSON.stringify(body);
    sent.headers['content-type'] = 'application/json';
  }
  let answer, text;
  try {
    answer = await fetch(new URL(path, base), sent);
    text = await answer.text();
  } catch (cause) {
    throw new Problem({detail: 'SonicMatch cannot be reached. Is there a network? Nothing is lost; try again.', cause});
  }
  const document = parsed(text);
  if (!answer.ok) throw problemOf(answer, document);
  return {status: answer.status, document};
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function problemOf(answer, document) {
  const seconds = Number(answer.headers.get('retry-after'));
  return new Problem({
    status: answer.status,
    code: document?.code ?? 'no_problem_document',
    detail: document?.detail ?? `The server answered ${answer.status} ${answer.statusText}.`,
    errors: document?.errors ?? [],
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
  });
}

/** A key for a request that may be repeated: 128 random bits. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

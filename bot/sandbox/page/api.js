/* The sandbox server as seen by the page: one function a request, and the live events of one chat. */

const BASE = new URL("../api/", import.meta.url);
const RETRY_MS = 2000;
const HIDDEN_MS = 30000;

async function request(path, options = {}) {
  const response = await fetch(new URL(path, BASE), options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `HTTP ${response.status}`);
  return body;
}

function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export const fetchState = () => request("state");
export const fetchChat = (person) => request(`chat?person=${person}`);
export const addPerson = (name, languageCode) => post("people", { name, language_code: languageCode });
export const sendText = (person, text, replyTo) =>
  post("send", replyTo ? { person, text, reply_to: replyTo } : { person, text });
export const followStart = (person, payload) => post("start", { person, payload });
export const press = (person, messageId, data) => post("press", { person, message_id: messageId, callback_data: data });
export const sendLocation = (person, place) => post("location", { person, ...place });
export const vote = (person, pollId, options) => post("vote", { person, poll_id: pollId, options });
export const sendContact = (person) => post("contact", { person });
export const setBlocked = (person, blocked) => post(blocked ? "block" : "unblock", { person });

/** Send a file; `kind` "photo" makes it a photo, anything else a document. */
export function sendFile(person, file, kind) {
  const form = new FormData();
  form.append("person", String(person));
  if (kind === "photo") form.append("kind", "photo");
  form.append("file", file, file.name);
  return request("file", { method: "POST", body: form });
}

/** The address of a file's bytes. */
export function fileUrl(fileId) {
  const url = new URL("file", BASE);
  url.searchParams.set("file_id", fileId);
  return url.href;
}

/**
 * Listen to one person's chat until the returned function is called.
 *
 * A page hidden for a while hangs up, because a browser allows only six connections to one server, and
 * calls again when it is looked at; `open` follows every (re)connection, so nothing missed stays missed. `lost` tells
 * that the line broke, `refused` that the server will not talk about this person, as after it forgot everything.
 */
export function watch(person, { open, change, answer, lost, refused }) {
  let source = null;
  let timer = 0;
  const hangUp = () => {
    source?.close();
    source = null;
  };
  const fail = () => {
    lost();
    if (source?.readyState !== EventSource.CLOSED) return;
    hangUp();
    refused();
    timer = setTimeout(connect, RETRY_MS);
  };
  const connect = () => {
    clearTimeout(timer);
    if (source) return;
    source = new EventSource(new URL(`events?person=${person}`, BASE));
    source.addEventListener("open", open);
    source.addEventListener("change", change);
    source.addEventListener("answer", (event) => answer(JSON.parse(event.data)));
    source.addEventListener("error", fail);
  };
  const followVisibility = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(hangUp, HIDDEN_MS);
    else connect();
  };
  document.addEventListener("visibilitychange", followVisibility);
  connect();
  return () => {
    document.removeEventListener("visibilitychange", followVisibility);
    clearTimeout(timer);
    hangUp();
  };
}

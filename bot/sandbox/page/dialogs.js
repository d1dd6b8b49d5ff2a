/* Modal questions. Each opens its own copy of a template and answers with what was filled in, or null. */

import { element, fromTemplate } from "./dom.js";

function openDialog(id, t, prepare = () => {}) {
  const dialog = fromTemplate(id, t);
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  prepare(dialog);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const fields = new FormData(dialog.querySelector("form"));
      dialog.remove();
      resolve(dialog.returnValue === "ok" ? fields : null);
    });
  });
}

/** Show a callback answer that asks for attention. */
export function showAlert(t, title, text) {
  return openDialog("alert", t, (dialog) => {
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector("p").textContent = text;
  });
}

/** Ask for a place; answers {latitude, longitude, accuracy?} or null. */
export async function askLocation(t, places) {
  const fields = await openDialog("location", t, (dialog) => addPresets(dialog, places));
  if (!fields) return null;
  const filled = [...fields].filter(([, value]) => value !== "");
  return Object.fromEntries(filled.map(([name, value]) => [name, Number(value)]));
}

function addPresets(dialog, places) {
  const fill = (place) => {
    dialog.querySelector("[name=latitude]").value = place.latitude;
    dialog.querySelector("[name=longitude]").value = place.longitude;
  };
  const buttons = places.map((place) =>
    element("button", { type: "button", "data-testid": "location-preset", onclick: () => fill(place) }, place.label));
  dialog.querySelector(".presets").append(...buttons);
  if (places.length) fill(places[0]);
}

/** Ask before a phone number is shared; answers whether it may be. */
export async function askContact(t) {
  return (await openDialog("contact", t)) !== null;
}

/** Ask for a link, as a phone's camera would read it from a QR code; answers the text or null. */
export async function askLink(t) {
  const fields = await openDialog("link", t);
  return fields ? fields.get("link").trim() : null;
}

/** Ask who the newcomer is; answers {name, languageCode} or null. */
export async function askStranger(t, language) {
  const fields = await openDialog("stranger", t, (dialog) => {
    dialog.querySelector("select").value = language === "zh" ? "zh-hans" : "en";
  });
  return fields ? { name: fields.get("name").trim(), languageCode: fields.get("language_code") } : null;
}

/** Show a photo in full size. */
export function showPhoto(t, url, alt) {
  return openDialog("photo", t, (dialog) => {
    Object.assign(dialog.querySelector("img"), { src: url, alt });
    dialog.querySelector("a").href = url;
  });
}

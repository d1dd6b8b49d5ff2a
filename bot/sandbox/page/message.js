/* One message as a bubble with its inline keyboard. Only `message.html`, cleaned by the server, is parsed as HTML. */

import { fileUrl } from "./api.js";
import { element, icon, styled } from "./dom.js";
import { startPayload } from "./links.js";
import { renderPoll } from "./poll.js";

const TAPPABLE = /https?:\/\/[^\s<>"'，。；！？、（）【】《》]+|(?<![\w/.:])\/[a-z][a-z0-9_]{0,31}(?![\w/])/gi;

/**
 * Build the bubble of a message.
 *
 * `chat` gives the words (`t`), formats (`time`, `fullTime`, `size`), the bot (`bot`), the quoted message (`find`),
 * which presses wait (`isWaiting`), whose side it is (`personId`) and what a click does (`press`, `follow`, `say`,
 * `copy`, `reply`, `jump`, `enlarge`, `vote`).
 */
export function renderMessage(message, chat) {
  const side = message.from_bot ? "bot" : "me";
  const hooks = { "data-testid": "message", "data-message-id": message.message_id, "data-from": side };
  return element(
    "article",
    { class: `message from-${side}`, ...hooks },
    renderBubble(message, chat),
    message.buttons?.length ? renderKeyboard(message, chat) : null,
    renderReplyAction(message, chat),
  );
}

function renderBubble(message, chat) {
  const parts = [
    element("span", { class: "offscreen" }, chat.t(message.from_bot ? "saidBot" : "saidYou")),
    message.reply_to ? renderQuote(message.reply_to, chat) : null,
    message.photo && renderPhoto(message, chat),
    message.document && renderDocument(message.document, chat),
    message.location && renderLocation(message.location, chat),
    message.contact && renderContact(message.contact, chat),
    message.poll && renderPoll(message.poll, chat),
    message.html ? renderText(message.html, chat) : null,
    renderMeta(message, chat),
  ];
  return element("div", { class: message.photo ? "bubble has-photo" : "bubble" }, ...parts);
}

function renderMeta(message, chat) {
  const edited = message.edited ? element("span", { "data-testid": "edited" }, chat.t("edited"), " ") : null;
  const date = new Date(message.date);
  const time = element("time", { datetime: message.date, title: chat.fullTime(date) }, chat.time(date));
  return element("span", { class: "meta" }, edited, time);
}

function renderQuote(messageId, chat) {
  const quoted = chat.find(messageId);
  const text = quoted ? chat.summary(quoted) : chat.t("gone");
  const properties = { type: "button", class: "quote", "data-testid": "quote", onclick: () => chat.jump(messageId) };
  return element("button", properties, text);
}

function renderPhoto(message, chat) {
  const url = fileUrl(message.photo.file_id);
  const alt = message.caption || chat.t("photo");
  const image = element("img", { src: url, alt, "data-testid": "photo" });
  return element("button", { type: "button", class: "photo", onclick: () => chat.enlarge(url, alt) }, image);
}

function renderDocument(file, chat) {
  const name = file.file_name || chat.t("document");
  const details = element("span", { class: "details" },
    element("span", { class: "name" }, name),
    element("span", { class: "size" }, [chat.size(file.file_size), chat.t("download")].filter(Boolean).join(" · ")));
  return element("a", { class: "document", href: fileUrl(file.file_id), download: name, "data-testid": "document" },
    element("span", { class: "disc" }, icon("file")), details);
}

function renderLocation(place, chat) {
  const where = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return element("div", { class: "place", "data-testid": "location" },
    element("span", { class: "disc" }, icon("place")),
    element("span", { class: "details" },
      element("span", { class: "name" }, chat.t("location")),
      element("span", { class: "size" }, where)));
}

function renderContact(contact, chat) {
  return element("div", { class: "place", "data-testid": "contact" },
    element("span", { class: "disc" }, icon("contact")),
    element("span", { class: "details" },
      element("span", { class: "name" }, contact.first_name || chat.t("contact")),
      element("span", { class: "size" }, contact.phone_number)));
}

function renderText(html, chat) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const text = element("div", { class: "text", "data-testid": "text" }, template.content);
  dropBreakAfterBlocks(text);
  makeTappable(text, chat);
  for (const anchor of text.querySelectorAll("a[href]")) prepareLink(anchor, chat);
  for (const spoiler of text.querySelectorAll("span.spoiler")) hideSpoiler(spoiler, chat);
  for (const code of text.querySelectorAll("code")) code.addEventListener("click", () => chat.copy(code.textContent));
  return text;
}

/** A quotation or code block already ends its line. */
function dropBreakAfterBlocks(text) {
  for (const block of text.querySelectorAll("blockquote, pre")) {
    const next = block.nextSibling;
    if (next?.nodeType === Node.TEXT_NODE) next.data = next.data.replace(/^\n/, "");
  }
}

function prepareLink(anchor, chat) {
  if (startPayload(anchor.getAttribute("href"), chat.bot.username) === null) {
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  }
  anchor.dataset.testid = "link";
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    chat.follow(anchor.getAttribute("href"));
  });
}

function hideSpoiler(spoiler, chat) {
  const reveal = () => {
    spoiler.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(name);
  };
  spoiler.tabIndex = 0;
  spoiler.setAttribute("role", "button");
  spoiler.setAttribute("aria-label", chat.t("spoiler"));
  spoiler.addEventListener("click", reveal);
  spoiler.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") reveal();
  });
}

/** Turn bare addresses and /commands into something to tap, as Telegram does. */
function makeTappable(root, chat) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const isPlain = !node.parentElement.closest("a, code, pre, .spoiler");
    const pieces = isPlain ? cut(node.data, chat) : [];
    if (pieces.length > 1 || pieces[0] instanceof Element) node.replaceWith(...pieces);
  }
}

function cut(text, chat) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TAPPABLE)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(tappable(match[0], chat));
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

function tappable(word, chat) {
  if (!word.startsWith("/")) return element("a", { href: word }, word);
  const say = () => chat.say(word);
  return element("button", { type: "button", class: "command", "data-testid": "command-link", onclick: say }, word);
}

function renderReplyAction(message, chat) {
  const label = chat.t("reply");
  const properties = { type: "button", class: "round small reply-to", "data-testid": "reply-to" };
  return element("button", { ...properties, "aria-label": label, title: label, onclick: () => chat.reply(message) }, icon("reply"));
}

function renderKeyboard(message, chat) {
  const rows = message.buttons.map((row) =>
    element("div", { class: "row" }, ...row.map((button) => renderButton(message, button, chat))));
  const properties = { class: "keyboard", role: "group", "aria-label": chat.t("buttons"), "data-testid": "inline-keyboard" };
  return element("div", properties, ...rows);
}

function renderButton(message, button, chat) {
  const { kind, sign, act } = buttonAction(message, button, chat);
  const waits = kind === "callback" && chat.isWaiting(message.message_id, button.callback_data);
  const properties = {
    type: "button", class: styled("inline", button), title: button.text, onclick: act,
    disabled: !act, "aria-busy": waits ? "true" : null, "data-testid": "inline-button", "data-kind": kind,
    "data-callback": button.callback_data,
  };
  return element("button", properties, element("span", { class: "label" }, button.text), sign ? icon(sign) : null);
}

function buttonAction(message, button, chat) {
  if (button.callback_data != null) return { kind: "callback", act: () => chat.press(message, button.callback_data) };
  if (button.url) return { kind: "url", sign: "open", act: () => chat.follow(button.url) };
  if (button.copy_text == null) return { kind: "unknown", act: null };
  const text = typeof button.copy_text === "string" ? button.copy_text : button.copy_text.text;
  return { kind: "copy", sign: "copy", act: () => chat.copy(text) };
}

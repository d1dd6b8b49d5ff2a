/* One side of the page: the list of people to choose from, or the chat of the chosen one. */

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { askContact, askLink, askLocation, showAlert, showPhoto } from "./dialogs.js";
import { copyText, element, fromTemplate, hook, paintAvatar } from "./dom.js";
import { openableAddress, startPayload } from "./links.js";
import { Log } from "./log.js";

const TOAST_MS = 4000;
const TOAST_MS_PER_LETTER = 50;
const MAX_TOASTS = 3;
const SUMMARY_LENGTH = 120;
const REMEMBERED_ANSWERS = 50;

/** The list of people; `choose` gets the id of the one clicked, `add` is for a newcomer. */
export function buildPicker({ t, people, title, hint, choose, add }) {
  const picker = fromTemplate("picker", t);
  picker.querySelector("h1").textContent = title;
  picker.querySelector(".hint").textContent = hint;
  picker.querySelector(".people").append(...people.map((person) => element("li", {}, buildCard(person, choose))));
  hook(picker, "add-stranger").addEventListener("click", add);
  return picker;
}

function buildCard(person, choose) {
  const properties = { type: "button", class: "person", "data-testid": "person-card", "data-person-id": person.id };
  return element("button", { ...properties, onclick: () => choose(person.id) },
    paintAvatar(element("span", { class: "avatar", "aria-hidden": "true" }), person),
    element("span", { class: "details" },
      element("span", { class: "name" }, person.name),
      element("span", { class: "size" }, describe(person))));
}

/** The line under a name: the role and the @username. */
export function describe(person) {
  return [person.caption, person.username && `@${person.username}`].filter(Boolean).join(" · ");
}

/** The chat of one person with the bot, live until `close()`. */
export class Chat {
  /**
   * `page` has the words and formats (`t`, `format`), the `bot`, the `people`, the `places` to offer, and what
   * concerns the whole page: `choose`, `add`, `checkPeople`.
   */
  constructor(person, page) {
    Object.assign(this, { person, page, t: page.t });
    this.root = fromTemplate("chat", page.t);
    this.answered = new Set();
    this.pressed = new Map();
    this.sending = Promise.resolve();
    this.log = this.buildLog();
    const form = hook(this.root, "composer");
    this.composer = new Composer({ form, person: person.id, t: page.t, act: this.buildActs() });
    this.listen();
    this.setPeople(page.people);
    this.refresh();
    this.stopWatching = api.watch(person.id, {
      open: () => this.setOffline(false) || this.refresh(),
      change: () => this.refresh(),
      answer: (answer) => this.receiveAnswer(answer),
      lost: () => this.setOffline(true),
      refused: () => this.refresh(),
    });
  }

  buildLog() {
    const actions = {
      press: (message, data) => this.press(message, data),
      follow: (href) => this.follow(href),
      say: (text) => this.send(text),
      copy: (text) => this.copy(text),
      reply: (message) => this.composer.setReply(message, this.summarise(message)),
      jump: (id) => this.log.jumpTo(id),
      enlarge: (url, alt) => showPhoto(this.t, url, alt),
      vote: (poll, options) => this.perform(() => api.vote(this.person.id, poll.id, options)),
      summary: (message) => this.summarise(message),
    };
    return new Log({
      root: hook(this.root, "messages"), scroll: hook(this.root, "scroll"), jump: hook(this.root, "jump-down"),
      chat: { t: this.t, bot: this.page.bot, personId: this.person.id, ...this.page.format, ...actions },
    });
  }

  buildActs() {
    return {
      send: (text, replyTo) => this.send(text, replyTo),
      file: (file, kind) => this.contribute(() => api.sendFile(this.person.id, file, kind)),
      location: () => this.shareLocation(),
      contact: () => this.shareContact(),
      link: () => this.openLink(),
    };
  }

  listen() {
    const on = (testid, action) => hook(this.root, testid).addEventListener("click", action);
    on("back", () => this.page.choose(null));
    on("start", () => this.start(""));
    on("block", () => this.perform(() => api.setBlocked(this.person.id, true)));
    on("unblock", () => this.perform(() => api.setBlocked(this.person.id, false)));
    on("pinned", () => this.log.jumpTo(this.pinnedId));
    hook(this.root, "person-select").addEventListener("change", (event) => this.changePerson(event.target));
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => this.receiveDrop(event));
  }

  close() {
    this.isClosed = true;
    this.stopWatching();
    this.log.close();
    this.root.remove();
  }

  /** Fill the selector with everybody there is. */
  setPeople(people) {
    const select = hook(this.root, "person-select");
    const options = people.map((person) => element("option", { value: person.id }, person.name));
    select.replaceChildren(...options, element("option", { value: "new" }, this.t("addStrangerOption")));
    select.value = String(this.person.id);
    paintAvatar(this.root.querySelector(".avatar"), this.person);
    hook(this.root, "person-caption").textContent = describe(this.person);
  }

  changePerson(select) {
    const chosen = select.value;
    select.value = String(this.person.id);
    if (chosen === "new") this.page.add();
    else this.page.choose(Number(chosen));
  }

  /** Fetch the chat and draw it; calls that come while one is under way become a single one after it. */
  async refresh() {
    this.isStale = true;
    if (this.isFetching || this.isClosed) return;
    this.isFetching = true;
    this.isStale = false;
    try {
      this.draw(await api.fetchChat(this.person.id));
    } catch (error) {
      this.setOffline(true);
      if (!(error instanceof TypeError)) this.page.checkPeople();
    }
    this.isFetching = false;
    if (this.isStale) await this.refresh();
  }

  draw(chat) {
    if (this.isClosed) return;
    this.log.show(chat.messages);
    this.composer.setCommands(chat.commands ?? []);
    this.composer.setKeyboard(chat.reply_keyboard);
    hook(this.root, "welcome").hidden = chat.messages.length > 0 || chat.blocked;
    hook(this.root, "composer").hidden = chat.blocked;
    hook(this.root, "blocked-bar").hidden = !chat.blocked;
    hook(this.root, "block").hidden = chat.blocked;
    this.drawPinned(chat.messages.findLast((message) => message.pinned));
  }

  drawPinned(message) {
    const bar = hook(this.root, "pinned");
    bar.hidden = !message;
    this.pinnedId = message?.message_id;
    if (message) bar.querySelector("span").textContent = this.summarise(message);
  }

  summarise(message) {
    const kind = ["photo", "document", "location", "contact"].find((name) => message[name]);
    const words = message.text || message.caption || message.poll?.question || (kind ? this.t(kind) : "…");
    return words.replace(/\s+/g, " ").slice(0, SUMMARY_LENGTH);
  }

  setOffline(isOffline) {
    hook(this.root, "offline").hidden = !isOffline;
  }

  /** Do something at the server, show what went wrong; answers null then. */
  async perform(action) {
    try {
      const result = await action();
      this.refresh();
      return result ?? {};
    } catch (error) {
      this.toast(error instanceof TypeError ? this.t("unreachable") : error.message, "error");
      return null;
    }
  }

  /** Add to the chat after what is still under way, so that all arrives in the order it was sent, and look at it. */
  contribute(action) {
    this.log.toEnd();
    this.sending = this.sending.then(() => this.perform(action));
    return this.sending;
  }

  /** Send a text; answers null when the server refused it. */
  send(text, replyTo) {
    return this.contribute(() => api.sendText(this.person.id, text, replyTo));
  }

  /** Follow a deep link of the bot in this chat. */
  start(payload) {
    return this.contribute(() => api.followStart(this.person.id, payload));
  }

  async press(message, data) {
    if (this.log.waiting.has(`${message.message_id}:${data}`)) return;
    const key = this.log.startWaiting(message.message_id, data, () => this.toast(this.t("noAnswer"), "error"));
    const result = await this.perform(() => api.press(this.person.id, message.message_id, data));
    const answerCameFirst = result && this.answered.has(String(result.callback_query_id));
    if (!result || answerCameFirst) this.log.stopWaiting(key);
    else this.pressed.set(String(result.callback_query_id), key);
  }

  receiveAnswer(answer) {
    const queryId = String(answer.callback_query_id);
    this.answered.add(queryId);
    if (this.answered.size > REMEMBERED_ANSWERS) this.answered.delete(this.answered.values().next().value);
    this.log.stopWaiting(this.pressed.get(queryId));
    this.pressed.delete(queryId);
    if (answer.url) this.follow(answer.url);
    if (answer.text && answer.show_alert) showAlert(this.t, this.page.bot.first_name, answer.text);
    else if (answer.text) this.toast(answer.text);
  }

  follow(href) {
    const payload = startPayload(href, this.page.bot.username);
    if (payload) return this.start(payload);
    if (payload === "") return this.composer.input.focus();
    const address = openableAddress(href);
    if (address) window.open(address, "_blank", "noopener,noreferrer");
    else this.toast(this.t("notOpened"), "error");
    return null;
  }

  async copy(text) {
    this.toast((await copyText(text)) ? this.t("copied") : text);
  }

  async shareLocation() {
    const place = await askLocation(this.t, this.page.places);
    if (place) await this.contribute(() => api.sendLocation(this.person.id, place));
  }

  async shareContact() {
    if (await askContact(this.t)) await this.contribute(() => api.sendContact(this.person.id));
  }

  async openLink() {
    const link = await askLink(this.t);
    if (link) this.follow(link);
  }

  receiveDrop(event) {
    event.preventDefault();
    for (const file of event.dataTransfer?.files ?? []) this.composer.act.file(file, "document");
  }

  /** Show a short line over the chat for a few seconds. */
  toast(text, kind = "info") {
    const toast = element("div", { class: `toast ${kind}`, "data-testid": "toast", "data-kind": kind }, text);
    const toasts = hook(this.root, "toasts");
    toasts.append(toast);
    if (toasts.childElementCount > MAX_TOASTS) toasts.firstElementChild.remove();
    setTimeout(() => toast.remove(), TOAST_MS + TOAST_MS_PER_LETTER * text.length);
  }
}

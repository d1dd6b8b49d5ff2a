/* Everything below the messages: the input with its draft, attachments, commands and the reply keyboard. */

import { element, hook, styled } from "./dom.js";

const DRAFT = "sandbox-draft-";
const COMMAND_START = /^\/\w*$/;
const INPUT_MAX_PX = 180;

export class Composer {
  /** `form` is the markup; `act` does what a click means: send, file, location, contact, link. */
  constructor({ form, person, t, act }) {
    Object.assign(this, { form, person, t, act });
    this.input = hook(form, "input");
    this.commandsMenu = hook(form, "commands-menu");
    this.commandsButton = hook(form, "commands");
    this.attachMenu = hook(form, "attach-menu");
    this.attachButton = hook(form, "attach");
    this.keyboard = hook(form, "reply-keyboard");
    this.keyboardButton = hook(form, "keyboard-toggle");
    this.replyBar = hook(form, "reply-bar");
    this.commands = [];
    this.replyTo = null;
    this.listen();
    this.setText(readDraft(person));
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => this.noticeTyping());
    this.input.addEventListener("keydown", (event) => this.noticeKey(event));
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.closeMenus(true));
    this.form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !this.form.contains(event.relatedTarget)) this.closeMenus(false);
    });
    this.commandsButton.addEventListener("click", () => this.toggleCommands());
    this.attachButton.addEventListener("click", () => this.toggle(this.attachMenu, this.attachMenu.hidden));
    this.keyboardButton.addEventListener("click", () => this.showKeyboard(this.keyboard.hidden));
    hook(this.form, "reply-cancel").addEventListener("click", () => this.setReply(null));
    for (const menu of [this.attachMenu, this.commandsMenu]) {
      menu.addEventListener("keydown", (event) => walkMenu(menu, event));
    }
    this.listenToAttachments();
  }

  listenToAttachments() {
    const file = hook(this.form, "attach-file");
    const photo = hook(this.form, "attach-photo");
    const on = (testid, action) => hook(this.form, testid).addEventListener("click", () => {
      this.closeMenus(false);
      action();
    });
    on("attach-document", () => file.click());
    on("attach-image", () => photo.click());
    on("attach-location", this.act.location);
    on("attach-contact", this.act.contact);
    on("attach-link", this.act.link);
    file.addEventListener("change", () => this.sendFiles(file, "document"));
    photo.addEventListener("change", () => this.sendFiles(photo, "photo"));
  }

  sendFiles(field, kind) {
    for (const file of field.files) this.act.file(file, kind);
    field.value = "";
  }

  /** Send what is typed; what the server refuses comes back into the input. */
  async submit() {
    const text = this.input.value.trim();
    const replyTo = this.replyTo;
    this.input.focus();
    if (!text) return;
    this.setText("");
    this.setReply(null);
    this.closeMenus(false);
    const sent = await this.act.send(text, replyTo?.message_id);
    if (sent) return;
    this.setText([text, this.input.value].filter(Boolean).join("\n"));
    if (replyTo) this.setReply(replyTo);
  }

  setText(text) {
    this.input.value = text;
    this.noticeTyping();
  }

  noticeTyping() {
    const text = this.input.value;
    keepDraft(this.person, text);
    this.fitInput();
    const isCommand = COMMAND_START.test(text) && this.form.contains(document.activeElement);
    if (isCommand) this.drawCommands(text.slice(1).toLowerCase());
    this.toggle(this.commandsMenu, isCommand && this.commandsMenu.childElementCount > 0);
  }

  /** The input grows with its text up to a few lines. */
  fitInput() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, INPUT_MAX_PX)}px`;
  }

  noticeKey(event) {
    const isComposing = event.isComposing || event.keyCode === 229; // Enter picks a word of a Chinese input method
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.commandsMenu.hidden) {
      event.preventDefault();
      this.commandsMenu.lastElementChild?.focus();
    }
  }

  /** Show the commands of this chat in the menu. */
  setCommands(commands) {
    this.commands = commands;
    this.commandsButton.hidden = commands.length === 0;
  }

  toggleCommands() {
    this.drawCommands("");
    this.toggle(this.commandsMenu, this.commandsMenu.hidden);
  }

  drawCommands(prefix) {
    const matching = this.commands.filter(({ command }) => command.startsWith(prefix));
    this.commandsMenu.replaceChildren(...matching.map((entry) => this.drawCommand(entry)));
  }

  drawCommand({ command, description }) {
    const properties = { type: "button", "data-testid": "command", "data-command": command };
    return element("button", { ...properties, onclick: () => this.sendCommand(command) },
      element("b", {}, `/${command}`), element("span", {}, description));
  }

  sendCommand(command) {
    if (COMMAND_START.test(this.input.value)) this.setText("");
    this.closeMenus(true);
    this.act.send(`/${command}`);
  }

  toggle(menu, open) {
    const button = menu === this.attachMenu ? this.attachButton : this.commandsButton;
    if (open) this.closeMenus(false);
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open && document.activeElement === button) menu.querySelector("button")?.focus();
  }

  closeMenus(refocus) {
    const wasOpen = !this.attachMenu.hidden || !this.commandsMenu.hidden;
    for (const menu of [this.attachMenu, this.commandsMenu]) menu.hidden = true;
    for (const button of [this.attachButton, this.commandsButton]) button.setAttribute("aria-expanded", "false");
    if (refocus && wasOpen) this.input.focus();
  }

  /** Answer to a message (or to none). */
  setReply(message, summary = "") {
    this.replyTo = message;
    this.replyBar.hidden = !message;
    if (summary) this.replyBar.querySelector("p").textContent = summary;
    if (message) this.input.focus();
  }

  /** Show the reply keyboard of this chat, null for none; one already shown stays as the person left it. */
  setKeyboard(markup) {
    const signature = JSON.stringify(markup);
    if (signature === this.keyboardSignature) return;
    this.keyboardSignature = signature;
    const rows = markup?.keyboard ?? [];
    this.keyboard.replaceChildren(...rows.map((row) =>
      element("div", { class: "row" }, ...row.map((button) => this.drawKey(button, markup)))));
    this.keyboard.classList.toggle("tall", Boolean(markup) && !markup.resize_keyboard);
    this.keyboardButton.hidden = rows.length === 0;
    this.input.placeholder = markup?.input_field_placeholder || this.t("input");
    this.showKeyboard(rows.length > 0);
  }

  drawKey(button, markup) {
    const press = () => {
      if (markup.one_time_keyboard) this.showKeyboard(false);
      if (button.request_location) this.act.location();
      else if (button.request_contact) this.act.contact();
      else this.act.send(button.text);
    };
    const kind = button.request_location ? "location" : button.request_contact ? "contact" : "text";
    const properties = { type: "button", class: styled("key", button), "data-testid": "reply-button", "data-kind": kind };
    return element("button", { ...properties, onclick: press }, button.text);
  }

  showKeyboard(open) {
    this.keyboard.hidden = !open;
    this.keyboardButton.setAttribute("aria-expanded", String(open));
  }
}

function walkMenu(menu, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...menu.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

function readDraft(person) {
  return sessionStorage.getItem(DRAFT + person) ?? "";
}

function keepDraft(person, text) {
  if (text) sessionStorage.setItem(DRAFT + person, text);
  else sessionStorage.removeItem(DRAFT + person);
}

/* The list of messages of one chat: redraws only what changed, keeps the place of the reader and of the focus. */

import { element } from "./dom.js";
import { renderMessage } from "./message.js";

const NEAR_END_PX = 60;
const ANSWER_TIMEOUT_MS = 15000;

function renderDay(label) {
  return element("p", { class: "day" }, element("span", {}, label));
}

/** The messages of one chat on the page. */
export class Log {
  /** `root` holds the messages, `scroll` scrolls around it, `jump` leads back down; `chat` is what a bubble needs. */
  constructor({ root, scroll, jump, chat }) {
    Object.assign(this, { root, scroll, jump });
    const isWaiting = (id, data) => this.waiting.has(`${id}:${data}`);
    this.chat = { ...chat, find: (id) => this.messages.get(id), isWaiting };
    this.messages = new Map();
    this.drawn = new Map();
    this.waiting = new Map();
    this.isAtEnd = true;
    this.lastTop = 0;
    this.unseen = 0;
    scroll.addEventListener("scroll", () => this.noticeScroll(), { passive: true });
    jump.addEventListener("click", () => this.toEnd());
    this.observer = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    this.observer.observe(scroll);
    this.observer.observe(root);
  }

  close() {
    this.observer.disconnect();
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }

  /** Show these messages, oldest first. */
  show(messages) {
    const isFirst = this.root.getAttribute("aria-busy") === "true";
    const news = messages.filter((message) => !this.messages.has(message.message_id)).length;
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    const focus = this.rememberFocus();
    this.replaceChildren(this.drawAll(messages));
    this.restoreFocus(focus);
    this.root.setAttribute("aria-busy", "false");
    if (isFirst || this.isAtEnd) this.toEnd();
    else this.countUnseen(news);
  }

  drawAll(messages) {
    const nodes = [];
    const drawn = new Map();
    let day = null;
    for (const message of messages) {
      const label = this.chat.day(new Date(message.date));
      if (label !== day) nodes.push(this.draw(drawn, `day ${label}`, label, () => renderDay(label)));
      day = label;
      const signature = JSON.stringify([message, this.messages.get(message.reply_to)?.html]);
      nodes.push(this.draw(drawn, message.message_id, signature, () => renderMessage(message, this.chat)));
    }
    this.drawn = drawn;
    return nodes;
  }

  draw(drawn, key, signature, build) {
    const known = this.drawn.get(key);
    const entry = known?.signature === signature ? known : { signature, node: build() };
    drawn.set(key, entry);
    return entry.node;
  }

  replaceChildren(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.root.children]) if (!wanted.has(child)) child.remove();
    let next = this.root.firstChild;
    for (const node of nodes) {
      if (node === next) next = next.nextSibling;
      else this.root.insertBefore(node, next);
    }
  }

  rememberFocus() {
    const active = document.activeElement;
    const bubble = this.root.contains(active) ? active.closest("[data-message-id]") : null;
    if (!bubble) return null;
    const buttons = [...bubble.querySelectorAll("button, a")];
    return { active, id: Number(bubble.dataset.messageId), index: buttons.indexOf(active) };
  }

  /** An edit in place replaces the button just pressed: the keyboard user goes on from the same spot. */
  restoreFocus(focus) {
    if (!focus || focus.active.isConnected) return;
    const buttons = [...(this.drawn.get(focus.id)?.node.querySelectorAll("button, a") ?? [])];
    const spot = buttons[Math.min(focus.index, buttons.length - 1)];
    spot?.focus({ preventScroll: true });
  }

  /** Only a move upwards leaves the end: a picture that loads makes the list longer without anybody scrolling. */
  noticeScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    const movedUp = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.isAtEnd = true;
    else if (movedUp) this.isAtEnd = false;
    if (this.isAtEnd) this.unseen = 0;
    this.showJump();
  }

  countUnseen(news) {
    this.unseen += news;
    this.showJump();
  }

  showJump() {
    this.jump.hidden = this.isAtEnd;
    this.jump.querySelector(".count").textContent = this.unseen ? String(this.unseen) : "";
  }

  toEnd() {
    this.isAtEnd = true;
    this.unseen = 0;
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.lastTop = this.scroll.scrollTop;
    this.showJump();
  }

  /** Bring one message into view and mark it for a moment. */
  jumpTo(messageId) {
    const node = this.drawn.get(messageId)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  /** Show that a pressed button waits; after a while without an answer it is released and `late` called. */
  startWaiting(messageId, data, late) {
    const key = `${messageId}:${data}`;
    const expire = () => this.stopWaiting(key) && late();
    this.waiting.set(key, { timer: setTimeout(expire, ANSWER_TIMEOUT_MS) });
    this.paintWaiting(key, true);
    return key;
  }

  stopWaiting(key) {
    const entry = this.waiting.get(key);
    if (!entry) return false;
    clearTimeout(entry.timer);
    this.waiting.delete(key);
    this.paintWaiting(key, false);
    return true;
  }

  paintWaiting(key, waits) {
    const [messageId, data] = [Number(key.slice(0, key.indexOf(":"))), key.slice(key.indexOf(":") + 1)];
    const buttons = this.drawn.get(messageId)?.node.querySelectorAll("[data-kind=callback]") ?? [];
    for (const button of buttons) {
      if (button.dataset.callback !== data) continue;
      if (waits) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }
}

/* Building blocks for the page's DOM. Text goes in as text; nothing here parses HTML. */

/** Make an element; `properties` are attributes, except functions, which become event listeners (`onclick`). */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** An icon of the sprite in index.html, hidden from screen readers. */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const use = document.createElementNS(namespace, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Put the words of `t` where the markup asks: `data-t` is text, `data-t-label` an accessible name. */
export function translate(root, t) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.matches("button")) node.title = t(node.dataset.tLabel);
  }
}

/** A fresh copy of the first element of a template, in the page's language. */
export function fromTemplate(id, t) {
  const copy = document.getElementById(`${id}-template`).content.cloneNode(true);
  translate(copy, t);
  return copy.firstElementChild;
}

/** The element with that `data-testid` inside `root`: the page and its tests share the same hooks. */
export function hook(root, testid) {
  return root.querySelector(`[data-testid="${testid}"]`);
}

const STYLES = new Set(["danger", "success", "primary"]);

/** The class of a button of the Bot API, with its `style` when it is one of Telegram's. */
export function styled(name, button) {
  return STYLES.has(button.style) ? `${name} ${button.style}` : name;
}

const AVATAR_COLOURS = 7;

/** Give an avatar circle its letter and colour. */
export function paintAvatar(node, person) {
  node.textContent = Array.from(person.name.trim())[0] ?? "?";
  node.dataset.colour = String(Math.abs(person.id) % AVATAR_COLOURS);
  return node;
}

/** Put text on the clipboard; answers whether that worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const area = element("textarea", { class: "offscreen", readonly: true, "aria-hidden": "true" });
  const before = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus?.();
  return done;
}

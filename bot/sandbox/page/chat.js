/* The sandbox page: its words, its address (?left=&right=&lang=), its header and its one or two sides. */

import * as api from "./api.js";
import { askStranger, showAlert } from "./dialogs.js";
import { element, hook, translate } from "./dom.js";
import { buildFormat, LOCALES } from "./format.js";
import { buildPicker, Chat } from "./pane.js";

/* Each word: [English, Chinese]. */
const WORDS = {
  banner: ["Sandbox: nothing leaves this computer", "试用模式：所有内容都只在本机"],
  title: ["Sandbox", "试用"],
  links: ["More pages", "更多页面"],
  split: ["Two people", "双人对话"],
  pickTitle: ["Who would you like to be?", "您想以谁的身份试用？"],
  pickTitleRight: ["And the second person?", "另一位是谁？"],
  pickHint: ["Choose a person to talk with {bot} in their place.", "选一位，以这个人的身份和“{bot}”对话。"],
  pickHintStart: ["Choose who follows the link.", "选择由谁打开这个链接。"],
  addStranger: ["Add someone the bot does not know", "添加一位机器人不认识的人"],
  addStrangerOption: ["＋ Add a stranger…", "＋ 添加陌生人…"],
  strangerHint: ["A new account, as a newcomer's phone would have it.", "一个新的账号，就像新学员的手机一样。"],
  strangerName: ["Name", "姓名"],
  strangerLanguage: ["Language of the phone", "手机语言"],
  add: ["Add", "添加"],
  everybody: ["All people", "所有人"],
  person: ["Person", "身份"],
  block: ["Block the bot", "屏蔽机器人"],
  unblock: ["Unblock", "取消屏蔽"],
  blockedNote: ["You have blocked the bot: it cannot write to you.", "您已屏蔽机器人，它无法给您发消息。"],
  offline: ["No connection to the sandbox; trying again…", "与试用服务的连接已断开，正在重试…"],
  unreachable: ["The sandbox does not answer. Nothing was sent.", "试用服务没有回应，内容没有发出。"],
  messages: ["Messages", "消息"],
  welcome: ["Nothing here yet. Press Start to begin.", "还没有消息。点“开始”和机器人打个招呼。"],
  start: ["Start", "开始"],
  jumpDown: ["To the latest message", "回到最新消息"],
  attach: ["Attach", "附件"],
  attachDocument: ["File", "文件"],
  attachPhoto: ["Photo", "照片"],
  attachLocation: ["Location", "位置"],
  attachContact: ["My phone number", "我的手机号"],
  attachLink: ["Scan a code (paste its link)", "扫码（粘贴链接）"],
  input: ["Message", "消息"],
  commands: ["Commands", "命令"],
  keyboard: ["Keyboard", "键盘"],
  send: ["Send", "发送"],
  cancel: ["Cancel", "取消"],
  ok: ["OK", "好"],
  close: ["Close", "关闭"],
  download: ["Download", "下载"],
  reply: ["Reply", "回复"],
  buttons: ["Buttons", "按钮"],
  edited: ["edited", "已编辑"],
  saidBot: ["Bot: ", "机器人："],
  saidYou: ["You: ", "我："],
  gone: ["Deleted message", "消息已删除"],
  photo: ["Photo", "照片"],
  document: ["File", "文件"],
  location: ["Location", "位置"],
  contact: ["Phone number", "手机号"],
  votes: ["Votes: {count}", "{count} 人已投"],
  pollClosed: ["closed", "已结束"],
  correct: ["correct", "正确"],
  spoiler: ["Hidden text, press to show", "隐藏的文字，点开可见"],
  copied: ["Copied", "已复制"],
  notOpened: ["This link cannot be opened here", "这个链接在这里打不开"],
  noAnswer: ["The bot has not answered this button yet", "机器人还没有回应这个按钮"],
  locationTitle: ["Send a location", "发送位置"],
  locationHint: ["Pick a place or type coordinates; this computer's own location is not used.",
    "选一个地点或填写坐标；不会读取本机的真实位置。"],
  placeNear: ["City centre", "市中心"],
  placeFar: ["Another city", "外地"],
  latitude: ["Latitude", "纬度"],
  longitude: ["Longitude", "经度"],
  accuracy: ["Accuracy in metres (optional)", "精度，米（可不填）"],
  sendLocation: ["Send location", "发送位置"],
  contactTitle: ["Share your phone number?", "要把手机号发给机器人吗？"],
  contactHint: ["The bot will see this person's made-up number.", "机器人会收到这个人的虚构号码。"],
  sendContact: ["Share", "发送"],
  linkTitle: ["Scan a code", "扫码"],
  linkHint: ["Paste the link of a QR code or a seat card, as if the phone had scanned it.", "粘贴二维码或座位卡上的链接，等同于用手机扫码。"],
  linkLabel: ["Link", "链接"],
  linkOpen: ["Open", "打开"],
  failed: ["The sandbox does not answer. Is the bot running?", "试用服务没有回应，机器人启动了吗？"],
  retry: ["Try again", "重试"],
};

const PLACES = [
  { word: "placeNear", latitude: 39.9042, longitude: 116.4074 },
  { word: "placeFar", latitude: 31.2304, longitude: 121.4737 },
];
const SIDES = ["left", "right"];

const main = document.querySelector("main");
const wide = matchMedia("(min-width: 900px)");
const sides = new Map();
let state = null;
let language = "en";
let pendingStart = null;

function t(key) {
  return WORDS[key][language === "zh" ? 1 : 0];
}

function chooseLanguage(asked) {
  const wish = asked || state?.language || navigator.language || "en";
  return wish.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function readAddress() {
  const query = new URL(location.href).searchParams;
  return {
    left: Number(query.get("person") ?? query.get("left")) || null,
    right: query.has("right") ? Number(query.get("right")) || null : undefined,
    lang: query.get("lang"),
    start: query.get("start"),
  };
}

/** Change the address without loading the page anew; null removes a part, undefined leaves it. */
function writeAddress(changes, { replace = false } = {}) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else if (value !== undefined) url.searchParams.set(name, value);
  }
  history[replace ? "replaceState" : "pushState"](null, "", url);
}

/** Take `?person=&start=` out of the address, so that loading the page again does not follow the link again. */
function takeStart() {
  const { left, start } = readAddress();
  if (start !== null) pendingStart = start;
  writeAddress({ person: null, start: null, left: left ?? undefined }, { replace: true });
}

function findPerson(id) {
  return state.people.find((person) => person.id === id) ?? null;
}

/** Draw the page as the address says; sides whose person has not changed are left alone. */
function render() {
  const address = readAddress();
  const isSplit = address.right !== undefined;
  renderHeader(isSplit);
  showSide("left", findPerson(address.left));
  if (isSplit && wide.matches) showSide("right", findPerson(address.right));
  else closeSide("right");
  main.classList.toggle("split", sides.has("right"));
  const names = [...sides.values()].map((side) => side.person?.name).filter(Boolean);
  document.title = [names.join(" | "), `${state.bot.first_name} · ${t("title")}`].filter(Boolean).join(" · ");
}

function showSide(name, person) {
  const current = sides.get(name);
  if (current && current.person?.id === person?.id) return;
  closeSide(name);
  const label = person?.name ?? t("person");
  const pane = element("section", { class: "pane", "data-testid": `pane-${name}`, "aria-label": label });
  if (name === "left") main.prepend(pane);
  else main.append(pane);
  const view = person ? showChat(name, person) : showPicker(name);
  pane.append(view.root);
  sides.set(name, { person, pane, ...view });
}

function closeSide(name) {
  const side = sides.get(name);
  side?.chat?.close();
  side?.pane.remove();
  sides.delete(name);
}

function showChat(name, person) {
  const places = state.places?.map((place) => ({ ...place, label: localLabel(place) }))
    ?? PLACES.map((place) => ({ ...place, label: t(place.word) }));
  const chat = new Chat(person, {
    t, places, format: buildFormat(language), bot: state.bot, people: state.people,
    choose: (id) => choose(name, id), add: () => addStranger(name), checkPeople: refreshPeople,
  });
  if (pendingStart !== null && name === "left") chat.start(pendingStart);
  if (name === "left") pendingStart = null;
  return { chat, root: chat.root };
}

function showPicker(name) {
  const hint = t(pendingStart === null ? "pickHint" : "pickHintStart").replace("{bot}", state.bot.first_name);
  const title = t(name === "left" ? "pickTitle" : "pickTitleRight");
  const acts = { choose: (id) => choose(name, id), add: () => addStranger(name) };
  return { chat: null, root: buildPicker({ t, people: state.people, title, hint, ...acts }) };
}

/** Put a person (null: the list) on a side, and the keyboard's focus with it. */
async function choose(name, id) {
  if (id === null || !findPerson(id)) await refreshPeople();
  writeAddress({ [name]: id ?? (name === "right" ? "" : null) });
  render();
  const { chat, root } = sides.get(name);
  if (!chat) root.querySelector("h1").focus();
  else if (matchMedia("(hover: hover)").matches) chat.composer.input.focus();
}

async function addStranger(name) {
  const stranger = await askStranger(t, language);
  if (!stranger) return;
  try {
    const person = await api.addPerson(stranger.name, stranger.languageCode);
    await choose(name, person.id);
  } catch (error) {
    showAlert(t, t("addStranger"), error instanceof TypeError ? t("unreachable") : error.message);
  }
}

/** People may have been added by the other side or by the server. */
async function refreshPeople() {
  const before = JSON.stringify(state.people);
  try {
    state = await api.fetchState();
  } catch {
    return;
  }
  if (before === JSON.stringify(state.people)) return;
  for (const [name, { chat }] of sides) {
    if (chat) chat.setPeople(state.people);
    else closeSide(name);
  }
  render();
}

function renderHeader(isSplit) {
  document.documentElement.lang = LOCALES[language];
  translate(document.querySelector(".top"), t);
  const other = hook(document, "language");
  other.textContent = language === "zh" ? "English" : "中文";
  other.lang = language === "zh" ? "en" : "zh-CN";
  hook(document, "split").setAttribute("aria-pressed", String(isSplit));
  const links = (state?.links ?? []).map(buildLink).filter(Boolean);
  hook(document, "links").replaceChildren(...links);
  hook(document, "links").hidden = links.length === 0;
}

function buildLink(link) {
  const url = new URL(link.url, location.href);
  if (!["http:", "https:"].includes(url.protocol)) return null;
  const properties = { href: url.href, target: "_blank", rel: "noopener", "data-testid": "header-link" };
  return element("a", properties, localLabel(link));
}

function localLabel(thing) {
  return (language === "zh" && thing.label_zh) || thing.label;
}

function switchLanguage() {
  writeAddress({ lang: language === "zh" ? "en" : "zh" }, { replace: true });
  language = chooseLanguage(readAddress().lang);
  if (!state) return showFailure();
  for (const name of SIDES) closeSide(name);
  return render();
}

function toggleSplit() {
  const isSplit = readAddress().right !== undefined;
  writeAddress({ right: isSplit ? null : "" });
  render();
}

function showFailure() {
  renderHeader(false);
  const properties = { type: "button", class: "solid", "data-testid": "retry", onclick: open };
  const again = element("button", properties, t("retry"));
  main.replaceChildren(element("div", { class: "failure", role: "alert" }, element("p", {}, t("failed")), again));
}

async function open() {
  language = chooseLanguage(readAddress().lang);
  try {
    state = await api.fetchState();
  } catch {
    showFailure();
    return;
  }
  language = chooseLanguage(readAddress().lang);
  main.replaceChildren();
  takeStart();
  render();
}

hook(document, "language").addEventListener("click", switchLanguage);
hook(document, "split").addEventListener("click", toggleSplit);
wide.addEventListener("change", () => state && render());
window.addEventListener("popstate", () => state && render());
document.addEventListener("visibilitychange", () => state && !document.hidden && refreshPeople());
open();

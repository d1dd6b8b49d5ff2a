/* A poll or quiz inside a bubble: its options as buttons while they can be chosen, the counts once they may be seen. */

import { element } from "./dom.js";

/** `chat` gives the words (`t`), whose side it is (`personId`) and what a choice does (`vote`). */
export function renderPoll(poll, chat) {
  const own = poll.votes?.[String(chat.personId)] ?? [];
  const isOpen = !poll.is_closed && (own.length === 0 || poll.allows_revoting);
  const numbers = poll.options.keys();
  const options = Array.from(numbers, (number) => element("li", {}, renderOption(poll, number, own, isOpen, chat)));
  return element("div", { class: "poll", "data-testid": "poll", "data-closed": String(poll.is_closed) },
    element("strong", {}, poll.question),
    element("ul", {}, ...options),
    poll.explanation && own.length ? element("p", { class: "plain hint" }, poll.explanation) : null,
    element("p", { class: "size" }, renderSummary(poll, chat)));
}

function renderOption(poll, number, own, isOpen, chat) {
  const option = poll.options[number];
  const isOwn = own.includes(number);
  const isShown = poll.is_closed || own.length > 0;
  const isCorrect = isShown && poll.correct_option_ids?.includes(number);
  const properties = {
    type: "button", class: "option", "data-testid": "poll-option", "aria-pressed": String(isOwn), disabled: !isOpen,
    onclick: () => chat.vote(poll, nextVote(poll, number, own)),
  };
  const count = isShown ? String(option.voter_count ?? 0) : "";
  return element("button", properties,
    element("span", { class: "mark", "aria-hidden": "true" }, isOwn ? "●" : "○"),
    element("span", { class: "name" }, option.text, isCorrect ? ` ✓ ${chat.t("correct")}` : ""),
    element("span", { class: "size" }, count));
}

/** What is chosen after a press: pressing one's own choice again takes it back. */
function nextVote(poll, number, own) {
  if (own.includes(number)) return own.filter((chosen) => chosen !== number);
  return poll.allows_multiple_answers ? [...own, number].sort((a, b) => a - b) : [number];
}

function renderSummary(poll, chat) {
  const count = chat.t("votes").replace("{count}", String(poll.total_voter_count ?? 0));
  return poll.is_closed ? `${count} · ${chat.t("pollClosed")}` : count;
}

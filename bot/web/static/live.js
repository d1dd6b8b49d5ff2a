// Keeps the live screen current. Events first; where they fail, plain requests until events work again.
"use strict";

(() => {
  const base = document.body.dataset.base;
  const find = (id) => document.getElementById(id);
  const words = find("words").dataset;
  const POLL_MS = 2000;
  const RETRY_EVENTS_MS = 15000;
  const GRACE_MS = 25000;

  let heard = performance.now();
  let polling = null;
  let source = null;

  function show(state) {
    heard = performance.now();
    find("arrived").textContent = state.arrived;
    find("expected").textContent = state.expected;
    find("late").textContent = state.late;
    find("open").hidden = !state.open;
    find("closed").hidden = state.open;
    find("groups").replaceChildren(...state.groups.map(card));
  }

  function card(group) {
    const article = find("group").content.firstElementChild.cloneNode(true);
    const [name, count] = article.querySelectorAll("h2 span");
    const [missing, excused] = article.querySelectorAll("p");
    name.textContent = group.name || words.nogroup;
    count.textContent = `${group.arrived} / ${group.expected}`;
    missing.textContent = group.missing.join(words.comma);
    excused.textContent = group.excused.join(words.comma);
    article.classList.toggle("whole", group.arrived === group.expected);
    return article;
  }

  async function poll() {
    try {
      const answer = await fetch(`${base}/state`, { cache: "no-store" });
      if (answer.ok) show(await answer.json());
      else if (answer.status === 404) location.reload();
    } catch {
      // The line is down: the next round tries again, and the page says so after a while.
    }
  }

  function listen() {
    if (source) source.close();
    if (!window.EventSource) {
      fallBack();
      return;
    }
    source = new EventSource(`${base}/events`);
    source.onopen = () => {
      heard = performance.now();
    };
    source.onmessage = (event) => {
      clearInterval(polling);
      polling = null;
      show(JSON.parse(event.data));
    };
    source.onerror = fallBack;
  }

  function fallBack() {
    if (polling === null) polling = setInterval(poll, POLL_MS);
  }

  setInterval(() => {
    const lost = !source || source.readyState !== EventSource.OPEN;
    find("stale").hidden = !(lost && performance.now() - heard > GRACE_MS);
  }, 1000);
  setInterval(() => {
    if (source && source.readyState === EventSource.CLOSED) listen();
  }, RETRY_EVENTS_MS);
  listen();
})();

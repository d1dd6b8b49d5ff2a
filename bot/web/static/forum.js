// Keeps the projector page of a forum current. Events first; where they fail, plain requests until events work again.
// Whatever people have typed is put in as text, never as markup.
"use strict";

(() => {
  const page = document.body;
  const base = page.dataset.base;
  const find = (id) => document.getElementById(id);
  const POLL_MS = 1000;
  const RETRY_EVENTS_MS = 15000;
  const STALE_MS = 20000;
  const SOON_SECONDS = 120;

  let whole = Number(page.dataset.whole);
  let begun = performance.now() - Number(page.dataset.elapsed) * 1000;
  let heard = performance.now();
  let polling = null;
  let source = null;

  function show(state) {
    heard = performance.now();
    page.dataset.phase = state.phase;
    page.dataset.questions = String(state.questions.length);
    whole = state.whole;
    begun = performance.now() - state.elapsed * 1000;
    for (const part of ["name", "unit", "title", "topic"]) find(part).textContent = state.now[part];
    find("next-name").textContent = state.next.name;
    find("next-title").textContent = state.next.title;
    find("next-dot").hidden = !state.next.title;
    page.classList.toggle("has-no-next", !state.next.name);
    list(state.questions);
    find("more").hidden = !state.more;
    find("more-count").textContent = state.more;
    tick();
  }

  function list(questions) {
    const items = [...find("questions").children].map((item) => item.textContent);
    if (items.length === questions.length && items.every((text, place) => text === questions[place])) return;
    find("questions").replaceChildren(
      ...questions.map((text) => {
        const [item, words] = [document.createElement("li"), document.createElement("span")];
        words.className = "clamp";
        words.textContent = text;
        item.append(words);
        return item;
      }),
    );
  }

  function tick() {
    const elapsed = (performance.now() - begun) / 1000;
    const left = whole - elapsed;
    const isOn = page.dataset.phase === "on";
    const seconds = Math.floor(left >= 0 ? left : -left);
    find("remaining").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    find("bar").max = Math.max(whole, 1);
    find("bar").value = Math.min(elapsed, whole);
    page.classList.toggle("is-late", isOn && left < 0);
    page.classList.toggle("is-soon", isOn && left >= 0 && left <= SOON_SECONDS && whole > SOON_SECONDS);
    find("stale").hidden = performance.now() - heard < STALE_MS;
  }

  async function poll() {
    try {
      const answer = await fetch(`${base}/state`, { cache: "no-store" });
      if (answer.ok) show(await answer.json());
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

  // A line that is open but silent is no staleness: the stream only speaks when something changes.
  setInterval(() => {
    if (source && source.readyState === EventSource.OPEN) heard = performance.now();
    tick();
  }, 250);
  setInterval(() => {
    if (source && source.readyState === EventSource.CLOSED) listen();
  }, RETRY_EVENTS_MS);

  if (document.documentElement.requestFullscreen) {
    find("full").hidden = false;
    find("full").addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    });
  }
  page.classList.toggle("has-no-next", !find("next-name").textContent);
  tick();
  listen();
})();

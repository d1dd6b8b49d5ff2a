// Keeps the projector page current. Events first; where they fail, plain requests until events work again.
"use strict";

(() => {
  const page = document.body;
  const base = page.dataset.base;
  const step = Number(page.dataset.step);
  const find = (id) => document.getElementById(id);
  const POLL_MS = 1000;
  const RETRY_EVENTS_MS = 15000;
  const GRACE_MS = 3000;

  let expires = performance.now() + Number(page.dataset.left) * 1000;
  let polling = null;
  let source = null;

  function show(state) {
    find("live").hidden = !state.open;
    find("over").hidden = state.open;
    if (!state.open) {
      pause();
      find("stale").hidden = true;
      return;
    }
    expires = performance.now() + state.left * 1000;
    find("arrived").textContent = state.arrived;
    find("expected").textContent = state.expected;
    find("phase").dataset.phase = state.phase;
    const [head, tail] = find("code").children;
    if (head.textContent !== state.code[0] || tail.textContent !== state.code[1]) {
      head.textContent = state.code[0];
      tail.textContent = state.code[1];
      const drawn = new DOMParser().parseFromString(state.svg, "image/svg+xml");
      find("qr").replaceChildren(document.importNode(drawn.documentElement, true));
    }
    tick();
  }

  function tick() {
    const left = Math.max(0, (expires - performance.now()) / 1000);
    find("left").textContent = String(Math.ceil(left));
    find("arc").setAttribute("stroke-dashoffset", String(100 - (100 * left) / step));
    const stale = find("over").hidden && performance.now() > expires + GRACE_MS;
    find("stale").hidden = !stale;
    page.classList.toggle("is-stale", stale);
  }

  async function poll() {
    try {
      const answer = await fetch(`${base}/state`, { cache: "no-store" });
      if (answer.ok) show(await answer.json());
      else if (answer.status === 404) show({ open: false });
    } catch {
      // The line is down: the next round tries again, and the page says so once its code has run out.
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
    if (polling === null && find("over").hidden) polling = setInterval(poll, POLL_MS);
  }

  // The check-in may be opened again: the slow retry below looks for that.
  function pause() {
    clearInterval(polling);
    polling = null;
    if (source) source.close();
  }

  setInterval(tick, 250);
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
  tick();
  listen();
})();

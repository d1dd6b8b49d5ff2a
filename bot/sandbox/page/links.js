/* What a link in a chat means: one of our own deep links, an address to open, or nothing to follow. */

const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

function parse(href) {
  const text = href.trim();
  try {
    return new URL(/^(t|telegram)\.me\//i.test(text) ? `https://${text}` : text);
  } catch {
    return null;
  }
}

/** The payload of a deep link to this bot ("" when it only names the bot), or null for any other link. */
export function startPayload(href, username) {
  const url = parse(href);
  if (!url) return null;
  const named = (name) => (name ?? "").toLowerCase() === username.toLowerCase();
  const payload = url.searchParams.get("start");
  if (url.protocol === "tg:") return named(url.searchParams.get("domain")) ? payload ?? "" : null;
  if (TELEGRAM_HOSTS.has(url.hostname)) return named(url.pathname.split("/")[1]) ? payload ?? "" : null;
  const isThisPage = url.origin === location.origin && url.pathname === location.pathname;
  return isThisPage ? payload : null;
}

/** The address to open for a link that is not ours, or null when it must not be followed. */
export function openableAddress(href) {
  const url = parse(href);
  return url && OPENABLE.has(url.protocol) ? url.href : null;
}

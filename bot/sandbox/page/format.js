/* Dates, times and sizes in the page's language, in the time zone of the browser, as Telegram shows them. */

export const LOCALES = { zh: "zh-CN", en: "en-GB" };

/** Dates, times and sizes as the page's language writes them. */
export function buildFormat(language) {
  const locale = LOCALES[language];
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", weekday: "long" });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    time: (date) => time.format(date),
    day: (date) => day.format(date),
    fullTime: (date) => full.format(date),
    size: (bytes) => formatSize(bytes, number),
  };
}

function formatSize(bytes, number) {
  if (bytes == null) return "";
  const units = ["B", "KB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), units.length - 1);
  return `${number.format(bytes / 1024 ** power)} ${units[power]}`;
}

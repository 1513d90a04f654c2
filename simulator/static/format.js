// Times and days.

export { formatted, jumbo, plain } from "../look/text.js";
import { locale, t } from "./words.js";

export const hour = (at) => new Date(at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false });

export const dayKey = (at) => new Date(at).toDateString();

export function day(at) {
  const age = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  if (age === 0) return t("today");
  if (age === 1) return t("yesterday");
  return new Date(at).toLocaleDateString(locale(), age < 7 ? { weekday: "long" } : { day: "numeric", month: "long", year: "numeric" });
}

export const length = (seconds) => {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

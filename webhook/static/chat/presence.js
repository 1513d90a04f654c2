// The line under the desk's name: that it answers at once, when people are there, and how soon they answer.

import { locale, t } from "./words.js";

const dayOf = (at, zone) => new Date(at).toLocaleDateString("en-CA", { timeZone: zone });

function opens(at, zone) {
  const day = dayOf(at, zone);
  if (day === dayOf(Date.now(), zone)) return t("today");
  if (day === dayOf(Date.now() + 86400000, zone)) return t("tomorrow");
  return new Date(at).toLocaleDateString(locale(), { weekday: "long", timeZone: zone });
}

function people({ opens: from, closes, opensAt, timezone }) {
  if (!from) return "";
  return opensAt ? t("people_from", { day: opens(opensAt, timezone), time: from }) : t("people_until", { time: closes });
}

function wait(minutes) {
  if (!minutes) return "";
  return minutes < 90 ? t("minutes", { n: minutes }) : t("hours", { n: Math.round(minutes / 60) });
}

const calls = (hours) => (hours ? t("calls", { n: hours }) : "");

export function told(presence) {
  if (!presence) return t("at_once");
  const known = [people(presence), wait(presence.waitMinutes) || calls(presence.callsWithinHours)].filter(Boolean).join(", ");
  return [t("at_once"), known].filter(Boolean).join(" · ");
}

// Says every 20 seconds that a form of a participant's file is open, and shows which colleagues have it open too. It
// locks nothing. It rests while the page is hidden, and when nobody has touched it for five minutes: a screen that was
// left alone must neither say that somebody is there nor keep her signed in.
(() => {
  "use strict";
  const AGAIN = 20000;
  const LEFT_ALONE = 300000;

  const line = document.querySelector("[data-presence]");
  const secret = document.querySelector("input[name=_csrf]");
  if (!line || !secret) return;
  const { presence, section, about, zone, text } = line.dataset;
  let touched = Date.now();
  let timer = 0;
  let ended = false;

  const second = (since) => String(Math.floor(Date.parse(since) / 1000));
  const key = (all) => all.map((each) => `${each.name} ${second(each.since)}`).join("\n");
  const shown = () => key([...line.querySelectorAll("[data-name]")].map((each) => each.dataset));

  const said = (colleague) => {
    const { lang } = document.documentElement;
    const time = new Date(colleague.since).toLocaleTimeString(lang, {
      hour: lang.startsWith("fr") ? "numeric" : "2-digit", // as the other times on pages: 7 h 57, 07:57
      hourCycle: "h23",
      minute: "2-digit",
      timeZone: zone,
    });
    const made = document.createElement("p");
    made.className = "small soft";
    made.dataset.name = colleague.name;
    made.dataset.since = colleague.since;
    const parts = { "{name}": colleague.name, "{time}": time };
    made.textContent = text.replace(/\{name\}|\{time\}/g, (part) => parts[part]);
    return made;
  };

  // Changed only when somebody came or left, so that a screen reader hears it once.
  const show = (colleagues) => {
    if (key(colleagues) !== shown()) line.replaceChildren(...colleagues.map(said));
  };

  const rests = () => ended || document.visibilityState === "hidden" || Date.now() - touched > LEFT_ALONE;

  const say = async () => {
    clearTimeout(timer);
    timer = 0;
    if (rests()) return;
    timer = setTimeout(say, AGAIN);
    try {
      const reply = await fetch(presence, {
        method: "PUT",
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": secret.value },
        body: JSON.stringify({ section, about: about || null }),
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      if (reply.ok) {
        show((await reply.json()).colleagues);
      } else if (reply.status < 500 && reply.status !== 429) {
        ended = true; // signed out, or this file is closed to the reader: nobody is named any more
        show([]);
      }
    } catch {
      // no network just now: what is shown stays, and it is asked again
    }
  };

  const woken = () => {
    touched = Date.now();
    if (!timer) say();
  };

  for (const act of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(act, woken, { passive: true });
  }
  document.addEventListener("visibilitychange", () => !timer && say());
  say();
})();

// Keeps what is typed into a form about a participant, on the server and for its writer alone, a few seconds after it is
// typed and when the page is left. Nothing of it stays in the browser. Without it the form's button keeps it for later.
(() => {
  "use strict";
  const SOON = 2000;
  const AGAIN = 2000;
  const SLOW = 3000; // milliseconds after which a save that is not answered is sent again beside it
  const MOST_WHEN_LEAVING = 20000; // characters: a browser lets 64 KiB outlive its page

  const watch = (mark) => {
    const { draft, form: name, fields, about, base, zone, kept, partly, notKept } = mark.dataset;
    const form = mark.closest("form");
    const line = mark.querySelector("[data-draft-line]");
    const voice = mark.querySelector("[data-draft-said]");
    const counter = form.elements.namedItem("_draft_number");
    const secret = form.elements.namedItem("_csrf").value;
    let earlier = mark.dataset.earlier || "";
    let dirty = mark.hasAttribute("data-unsaved");
    let sent = false;
    let number = 0;
    let timer = 0;
    let state = "";
    let underWay = new AbortController();

    const call = (method, address, more) =>
      fetch(address, {
        method,
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": secret },
        cache: "no-store",
        credentials: "same-origin",
        redirect: "error",
        referrerPolicy: "no-referrer",
        ...more,
      });

    // The line changes with each minute; a screen reader hears only when keeping begins, fails or works again.
    const say = (now, words) => {
      line.textContent = words;
      if (state !== now) voice.textContent = words;
      state = now;
    };

    const typed = () => {
      const all = new FormData(form);
      const value = (field) => (all.getAll(field).length > 1 ? all.getAll(field) : all.get(field));
      return Object.fromEntries(fields.split(" ").filter((field) => all.has(field)).map((field) => [field, value(field)]));
    };

    const later = (delay) => {
      if (!timer) timer = setTimeout(save, delay);
    };

    const next = () => {
      number = Math.max(Date.now(), number + 1);
      return number;
    };

    const save = async (leaving) => {
      clearTimeout(timer);
      timer = 0;
      if (sent || !dirty) return;
      dirty = false;
      const mine = next();
      const body = JSON.stringify({ form: name, values: typed(), number: mine, base: Number(base), about: about || null });
      const slow = setTimeout(() => {
        dirty = true;
        later(0);
      }, SLOW);
      const keepalive = leaving === true && body.length < MOST_WHEN_LEAVING;
      try {
        const reply = await call("PUT", draft, { body, keepalive, signal: underWay.signal });
        if (!reply.ok) throw new Error(String(reply.status));
        const answer = await reply.json();
        if (mine !== number) return;
        if (answer.not_kept.length) {
          say("partly", partly);
          return;
        }
        const time = new Date(answer.saved_at).toLocaleTimeString(document.documentElement.lang, {
          hour: "numeric",
          minute: "2-digit",
          timeZone: zone,
        });
        say("kept", kept.replace("{time}", time));
        if (earlier) {
          call("DELETE", earlier, {}).catch(() => {});
          earlier = "";
        }
      } catch {
        if (sent || mine !== number) return;
        dirty = true;
        say("not kept", notKept);
        later(AGAIN);
      } finally {
        clearTimeout(slow);
      }
    };

    const changed = (event) => {
      if (event.target.type === "hidden") return;
      dirty = true;
      later(SOON);
    };

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true));
    window.addEventListener("pagehide", () => save(true));
    window.addEventListener("online", () => save());
    form.addEventListener("submit", () => {
      sent = true; // what arrives after the form would be offered back as if it had not been sent
      underWay.abort();
      counter.value = String(next());
    });
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      sent = false;
      underWay = new AbortController();
    });
    if (dirty) later(SOON);
  };

  document.querySelectorAll("[data-draft]").forEach(watch);
})();

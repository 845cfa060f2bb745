// Sends a form by fetch(), so that no answer enters the browser's history or its session files, and puts the page
// that comes back in place of this one: the address never changes. Without it the form is posted as it stands.
(() => {
  "use strict";

  const settle = (page, language) => {
    const scripts = [...page.querySelectorAll("script[src]")].map((script) => script.src);
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.body.replaceWith(page.body);
    if (language) window.history.replaceState(null, "", language);
    for (const source of scripts.filter((each) => ![...document.scripts].some((have) => have.src === each))) {
      const script = document.createElement("script");
      script.src = source;
      document.head.append(script);
    }
    document.dispatchEvent(new CustomEvent("spheres:page"));
    const first = document.querySelector("[data-first]") || document.querySelector("main");
    window.scrollTo(0, 0);
    if (first instanceof HTMLElement) first.focus({ preventScroll: first.tagName === "MAIN" });
  };

  const say = (form, words) => {
    const voice = form.querySelector("[data-sending]");
    if (voice) voice.textContent = words;
  };

  const send = async (form, submitter) => {
    const address = submitter?.getAttribute("formaction") ? submitter.formAction : form.action;
    const answers = form.enctype === "multipart/form-data" ? new FormData() : new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" || (answers instanceof FormData && value.size)) answers.append(name, value);
    }
    if (submitter?.name) answers.append(submitter.name, submitter.value);
    form.setAttribute("aria-busy", "true");
    say(form, form.dataset.sending || "");
    try {
      const reply = await fetch(address, {
        method: "POST",
        body: answers,
        headers: { Accept: "text/html" },
        cache: "no-store",
        credentials: "same-origin",
        referrerPolicy: "no-referrer",
      });
      if (!(reply.headers.get("content-type") || "").includes("text/html")) throw new Error("not a page");
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      settle(page, submitter?.name === "_show" ? address : "");
    } catch {
      form.removeAttribute("aria-busy");
      say(form, form.dataset.notSent || "");
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-quiet]")) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    send(form, event.submitter);
  });

  // Another language keeps what is already typed.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-tongue]") : null;
    const form = document.querySelector("form[data-quiet][data-form]");
    const button = link && form && form.querySelector(`button[name="_show"][value="${link.lang}"]`);
    if (!button || !form) return;
    event.preventDefault();
    send(form, button);
  });
})();

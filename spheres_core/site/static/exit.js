// Leaving at once: the button, or Shift three times within five seconds. Nothing is stored, and going back shows nothing.
(() => {
  "use strict";
  const button = () => document.querySelector("[data-leave]");
  let presses = 0;
  let timer = 0;

  const show = (said) => {
    const dots = document.querySelector("[data-leave-presses]");
    const voice = document.querySelector("[data-leave-said]");
    if (!dots || !voice) return;
    dots.hidden = presses === 0;
    [...dots.children].forEach((dot, at) => dot.classList.toggle("done", at < presses));
    voice.textContent = said;
  };

  const leave = () => {
    const link = button();
    if (!link) return;
    const away = link.href;
    document.documentElement.classList.add("leaving");
    document.title = "\u00a0";
    for (const form of document.forms) form.reset();
    window.location.replace(away);
  };

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-leave]")) {
      event.preventDefault();
      leave();
    }
  });

  document.addEventListener("keyup", (event) => {
    const link = button();
    if (!link) return;
    clearTimeout(timer);
    presses = event.key === "Shift" ? presses + 1 : 0;
    if (presses >= 3) return leave();
    const words = link.dataset;
    show(presses === 1 ? words.twoMore : presses === 2 ? words.oneMore : "");
    timer = setTimeout(() => {
      presses = 0;
      show("");
    }, 5000);
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.documentElement.classList.add("leaving");
    window.location.reload();
  });
})();

// Takes the secret of a link out of the address, where it would stay in the browser's history, and sends the form with it.
(() => {
  const field = document.querySelector("[data-link-secret]");
  const secret = location.hash.slice(1);
  if (!field || !secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  field.value = secret;
  field.form.requestSubmit();
})();

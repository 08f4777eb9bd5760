// Saves answers while they are given. Only sooner than the form does: without this script every page works the same.
// What is sent is kept here until the server has said that it is saved, and is sent again until then, under the same number.
"use strict";

(() => {
  const form = document.querySelector("form[data-save-to]");
  if (!form || !window.fetch) return;
  const status = form.querySelector(".save-status");
  const token = form.elements.csrf_token.value;
  const sender = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
  const QUIET = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, MOST = 100, LONGEST_KEPT_ALIVE = 60000;

  const changed = new Set(); // keys of items whose answer has changed since it was last put into `unsaved`
  let unsaved = []; // answers that were numbered and are not acknowledged
  let number = 0, wait = FIRST_WAIT, timer = 0, sending = false, leaving = false;

  const say = (state, words) => {
    status.dataset.state = state;
    status.textContent = words;
  };

  const keyOf = (control) => (control.name.startsWith("answer-") ? control.name.slice("answer-".length) : "");

  const responseTo = (key) => {
    const controls = Array.from(form.elements).filter((control) => control.name === "answer-" + key);
    if (controls[0].type === "checkbox") return controls.filter((control) => control.checked).map((control) => control.value);
    const control = controls[0].type === "radio" ? controls.find((each) => each.checked) : controls[0];
    return control && control.value !== "" ? control.value : null;
  };

  const count = () => {
    const keys = new Set(Array.from(form.elements, keyOf).filter((key) => key));
    const done = Array.from(keys, responseTo).filter((response) => response && response.length).length;
    const bar = document.querySelector(".progress");
    bar.querySelector("progress").value = done;
    bar.querySelector(".progress-words").textContent = form.dataset.answered.replace("{done}", done).replace("{total}", keys.size);
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  };

  const collect = () => {
    for (const key of changed) unsaved.push({ item: key, response: responseTo(key), sequence: ++number });
    changed.clear();
  };

  const acknowledged = (sent, answer) => {
    unsaved = unsaved.filter((each) => !sent.includes(each));
    wait = FIRST_WAIT;
    // The form, should it be sent, now speaks of these answers as known.
    for (const each of sent) form.elements["seen-" + each.item].value = answer.sequence;
    count();
    if (unsaved.length || changed.size) later(QUIET);
    else say("saved", form.dataset.saved);
  };

  const failed = () => {
    say("failed", form.dataset.waiting);
    later(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const refused = (sent, detail) => {
    // Sending the same again would be refused again: wait until something changes, or the form's own button is pressed.
    unsaved = unsaved.filter((each) => !sent.includes(each));
    for (const each of sent) changed.add(each.item);
    say("failed", form.dataset.refused + " " + detail);
  };

  async function send() {
    if (sending || leaving) return;
    collect();
    const sent = unsaved.slice(0, MOST);
    if (!sent.length) return;
    sending = true;
    say("saving", form.dataset.saving);
    const body = JSON.stringify({ sender, answers: sent });
    try {
      const reply = await fetch(form.dataset.saveTo, {
        method: "POST",
        keepalive: body.length < LONGEST_KEPT_ALIVE,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body,
      });
      if (reply.ok) acknowledged(sent, await reply.json());
      else if (reply.status >= 500 || reply.status === 429 || reply.status === 408) failed();
      else refused(sent, (await reply.json()).detail);
    } catch {
      failed();
    } finally {
      sending = false;
    }
  }

  const noticed = (event) => {
    const key = keyOf(event.target);
    if (!key) return;
    changed.add(key);
    later(QUIET);
  };
  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (changed.size || unsaved.length)) event.preventDefault();
  });
})();

// Saves answers while they are given. Only sooner than the form does: without this script every page works the same.
// What is sent is kept here until the server has said that it is saved, and is sent again until then, under the same number.
"use strict";

(() => {
  const form = document.querySelector("form[data-save-to]");
  if (!form || !window.fetch) return;
  const status = form.querySelector(".save-status");
  const token = form.elements.csrf_token.value;
  const sender = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
  const QUIET = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, MOST = 100, LONGEST_KEPT_ALIVE = 60000, LONGEST_STAY = 3000;

  const changed = new Set(); // keys of items whose answer has changed since it was last put into `unsaved`
  let unsaved = []; // answers that were numbered and are not acknowledged
  let number = 0, wait = FIRST_WAIT, timer = 0, underway = null, leaving = false;
  const stop = new AbortController();

  const say = (state, words) => {
    status.dataset.state = state;
    // Said once: setting the same words again would have a screen reader say them at every letter.
    if (status.textContent !== words) status.textContent = words;
  };

  // answer-KEY, or answer-KEY.PART where a question has parts; keys hold no dots.
  const keyOf = (control) => (control.name.startsWith("answer-") ? control.name.slice("answer-".length).split(".")[0] : "");

  const responseTo = (key) => {
    const controls = Array.from(form.elements).filter((control) => keyOf(control) === key);
    if (controls[0].name !== "answer-" + key) {
      const parts = controls.filter((control) => control.value !== "").map((control) => [control.name.split(".")[1], control.value]);
      return parts.length ? Object.fromEntries(parts) : null;
    }
    if (controls[0].type === "checkbox") return controls.filter((control) => control.checked).map((control) => control.value);
    const control = controls[0].type === "radio" ? controls.find((each) => each.checked) : controls[0];
    return control && control.value !== "" ? control.value : null;
  };

  const count = () => {
    const keys = new Set(Array.from(form.elements, keyOf).filter((key) => key));
    const done = Array.from(keys, responseTo).filter((response) => response && (response.length ?? 1)).length;
    const bar = document.querySelector(".progress");
    bar.querySelector("progress").value = done;
    bar.querySelector(".progress-words").textContent = form.dataset.answered.replace("{done}", done).replace("{total}", keys.size);
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    if (leaving) return;
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

  const deliver = async (sent) => {
    const body = JSON.stringify({ sender, answers: sent });
    try {
      const reply = await fetch(form.dataset.saveTo, {
        method: "POST",
        keepalive: body.length < LONGEST_KEPT_ALIVE,
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
        body,
        signal: stop.signal,
      });
      if (reply.ok) acknowledged(sent, await reply.json());
      else if (reply.status >= 500 || reply.status === 429 || reply.status === 408) failed();
      else refused(sent, (await reply.json()).detail);
    } catch {
      failed();
    }
  };

  function send() {
    if (underway || leaving) return;
    collect();
    const sent = unsaved.slice(0, MOST);
    if (!sent.length) return;
    say("saving", form.dataset.saving);
    underway = deliver(sent).finally(() => (underway = null));
  }

  const noticed = (event) => {
    const key = keyOf(event.target);
    if (!key) return;
    changed.add(key);
    if (status.dataset.state !== "failed") say("saving", form.dataset.saving);
    later(QUIET);
  };
  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (underway) {
      // What is on its way must not arrive after the form, which says something newer.
      event.preventDefault();
      if (leaving) return;
      underway.then(() => form.requestSubmit(event.submitter));
      setTimeout(() => stop.abort(), LONGEST_STAY);
    }
    leaving = true;
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (changed.size || unsaved.length)) event.preventDefault();
  });
})();

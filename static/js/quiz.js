// The form of an attempt: hands every answer to the queue (answer-queue.js) as it is given, and says what became of it; shows what waits
// on this device; counts down where time is limited. Only sooner than the form does: without this script every page works the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-save-to]");
  if (!form || !answerQueue) return;
  const words = form.dataset;
  const status = form.querySelector(".save-status");
  const attempt = words.saveTo.split("/")[2];
  let leaving = false, submitting = false;

  const say = (state, text) => {
    status.dataset.state = state;
    // Said once: setting the same words again would have a screen reader say them at every letter.
    if (status.textContent !== text) status.textContent = text;
  };

  // Controls are named answer-KEY, or answer-KEY.PART where an answer has parts.
  const keyOf = (control) => (control.name?.startsWith("answer-") ? control.name.slice("answer-".length).split(".")[0] : "");
  const partOf = (control) => control.name.split(".").slice(1).join(".");
  const controlsOf = (key) => Array.from(form.elements).filter((control) => keyOf(control) === key);
  const byPart = (controls) => {
    const parts = new Map();
    for (const control of controls) parts.set(partOf(control), [...(parts.get(partOf(control)) || []), control]);
    return parts;
  };

  const valueOf = (controls) => {
    if (controls[0].type === "checkbox") return controls.filter((control) => control.checked).map((control) => control.value);
    const control = controls[0].type === "radio" ? controls.find((each) => each.checked) : controls[0];
    return control && control.value !== "" ? control.value : null;
  };

  const responseTo = (key) => {
    const parts = byPart(controlsOf(key));
    if (parts.has("")) return valueOf(parts.get(""));
    const given = [...parts].map(([part, controls]) => [part, valueOf(controls)]).filter(([, value]) => value?.length);
    return given.length ? Object.fromEntries(given) : null;
  };

  /** Say whether a question is answered, in all its parts. */
  const isWhole = (key) => {
    const response = responseTo(key);
    if (!response || Array.isArray(response) || typeof response === "string") return Boolean(response?.length);
    return Object.keys(response).length === byPart(controlsOf(key)).size;
  };

  const fill = (key, response) => {
    for (const control of controlsOf(key)) {
      const part = partOf(control);
      const value = part ? response?.[part] : response;
      if (control.type === "checkbox" || control.type === "radio") control.checked = [value].flat().includes(control.value);
      else control.value = value ?? "";
    }
  };

  /** Return a label's words, without what stands in it as a control. */
  const labelOf = (control) => control.labels?.[0]?.textContent.trim() || "";

  /** Return what was answered as a person reads it, to be copied should the server not take it. */
  const inWords = (key) =>
    controlsOf(key)
      .map((control) => {
        if (control.type === "checkbox" || control.type === "radio") return control.checked ? labelOf(control) : "";
        const value = control.selectedOptions ? control.selectedOptions[0]?.textContent.trim() : control.value;
        return control.value && partOf(control) ? `${labelOf(control)}: ${value}` : value;
      })
      .filter(Boolean)
      .join("\n");

  const record = (key) => {
    const legend = controlsOf(key)[0].closest("fieldset.item")?.querySelector("legend");
    answerQueue.record(attempt, { item: key, response: responseTo(key), title: words.title, question: legend?.textContent.trim() || key, words: inWords(key) });
  };

  const count = () => {
    const keys = new Set(Array.from(form.elements, keyOf).filter(Boolean));
    const done = [...keys].filter(isWhole).length;
    const bar = document.querySelector(".progress");
    bar.querySelector("progress").value = done;
    bar.querySelector(".progress-words").textContent = words.answered.replace("{done}", done).replace("{total}", keys.size);
  };

  const sayWaiting = () => say("failed", words.waiting.replace("{n}", answerQueue.waiting(attempt).length));

  const noticed = (event) => {
    const key = keyOf(event.target);
    if (!key) return;
    record(key);
    if (answerQueue.state()) sayWaiting();
    else if (status.dataset.state !== "failed") say("saving", words.saving);
  };
  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);

  document.addEventListener("answers", ({ detail: { saved, reply } }) => {
    if (saved?.[0].attempt === attempt) {
      // The form, should it be sent, now speaks of these answers as known.
      for (const { item } of saved) {
        const seen = form.elements["seen-" + item];
        if (seen) seen.value = reply.sequence;
      }
      if (reply.seconds_left !== undefined) clock.set(reply.seconds_left);
      count();
    }
    const [refused] = answerQueue.refused(attempt);
    if (refused) say("failed", `${words.refused} ${refused.reason}`);
    else if (answerQueue.waiting(attempt).length) answerQueue.state() ? sayWaiting() : say("saving", words.saving);
    else if (status.dataset.state) say("saved", words.saved);
  });

  /** Send what waits, then do as the form does. What is on its way must not arrive after the form, which says something newer. */
  const submitAfterAll = async (submitter) => {
    if (submitting) return;
    submitting = true;
    await answerQueue.flush();
    submitting = false;
    // A page that cannot be reached would take the place of this one.
    if (answerQueue.waiting(attempt).length && answerQueue.state() === "offline") return sayWaiting();
    answerQueue.stop();
    leaving = true;
    form.requestSubmit(submitter);
  };
  form.addEventListener("submit", (event) => {
    if (leaving || (!answerQueue.waiting(attempt).length && !answerQueue.isSending())) {
      leaving = true;
      return;
    }
    event.preventDefault();
    submitAfterAll(event.submitter);
  });

  addEventListener("beforeunload", (event) => {
    if (!leaving && answerQueue.waiting(attempt).length) event.preventDefault();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // Shown again as it was left: the attempt may have gone on, or be over. All that was typed is in the queue.
    leaving = true;
    if (navigator.onLine) location.reload();
    else leaving = false;
  });

  /** Counts down by the seconds that the server said were left; what the device takes for the time of day does not matter. */
  const clock = (() => {
    const ANNOUNCED = [300, 60], AGAIN = 5000, HURRY = 3;
    let end = 0, shown = null, said = null, before = Infinity;
    // Without a limit any more: there is nothing to count down to.
    const set = (seconds) => (end = seconds === null ? Infinity : performance.now() + seconds * 1000);

    const tick = () => {
      shown.hidden = end === Infinity;
      if (shown.hidden) return setTimeout(tick, 1000);
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      shown.textContent = words.timeLeft.replace("{time}", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
      if (ANNOUNCED.some((each) => left <= each && each < before)) said.textContent = words.minutesLeft.replace("{n}", Math.ceil(left / 60));
      before = left;
      if (left <= HURRY) answerQueue.send(); // what is sent after the end is late
      if (left) return setTimeout(tick, 250);
      said.textContent = words.timeOver;
      return over();
    };

    const over = async () => {
      if (leaving) return;
      await submitAfterAll(form.querySelector("button[name=action][value^=submit]"));
      if (!leaving) setTimeout(over, AGAIN); // not to be reached yet: what was given waits here
    };

    if (words.secondsLeft !== undefined) {
      shown = Object.assign(document.createElement("p"), { className: "time-left" });
      shown.setAttribute("role", "timer");
      said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
      said.setAttribute("role", "status");
      form.prepend(shown, said);
      set(Number(words.secondsLeft));
      tick();
    }
    return { set };
  })();

  const wasChanged = (control) => {
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.options) return Array.from(control.options).some((option) => option.defaultSelected) ? !control.selectedOptions[0]?.defaultSelected : control.value !== "";
    return control.value !== control.defaultValue;
  };
  // What was answered before this script was there; then what waits from before, over it: the newest last.
  const early = new Set(Array.from(form.elements).filter((control) => keyOf(control) && wasChanged(control)).map(keyOf));
  for (const { item, response } of answerQueue.waiting(attempt)) if (!early.has(item)) fill(item, response);
  for (const key of early) record(key);
  if (answerQueue.waiting(attempt).length) {
    count();
    sayWaiting();
    answerQueue.send();
  }
})();

// Keeps answers on this device until the server has said that they are saved, and sends them. Runs on the page of an attempt, and on
// every page of an account for which something waits (device.js).
//
// One entry of localStorage is one answer, and is never changed: no tab can take away what another has just written. Its name is
// KIND/ACCOUNT/ATTEMPT/NUMBER/SENDER; the kind is "waiting" or, once the server will not have it, "refused". Each open page is a sender
// of its own and numbers on from all it finds, so that the highest number is what was given last. See docs/decisions/0023.
"use strict";

const answerQueue = (() => {
  const account = document.body.dataset.account;
  if (!account) return null;
  const QUIET = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 60000, LONGEST_REPLY = 60000, LONGEST_STAY = 3000;
  const MOST = 100, MOST_LETTERS = 200000, LONGEST_KEPT_ALIVE = 60000;
  const FINAL = [403, 404, 409, 410, 413, 422];
  const sender = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
  const region = document.getElementById("device"), dialog = document.getElementById("sign-out-dialog");
  const words = region.dataset;
  const memory = new Map(); // where the browser keeps nothing, or no more
  const late = new Set();
  let last = 0, wait = FIRST_WAIT, timer = 0, underway = null, request = null, state = "", shown = "";

  const write = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      memory.set(name, value);
    }
  };
  const read = (name) => memory.get(name) ?? stored(() => localStorage.getItem(name), null);
  const remove = (name) => (memory.delete(name), stored(() => localStorage.removeItem(name)));
  const names = () => [...memory.keys(), ...stored(() => Object.keys(localStorage), [])];

  function stored(ask, otherwise) {
    try {
      return ask();
    } catch {
      return otherwise;
    }
  }

  const entry = (name) => {
    const [, , attempt, number, from] = name.split("/");
    const given = stored(() => JSON.parse(read(name)), null);
    return given && { ...given, name, attempt, sequence: Number(number), sender: from };
  };

  const entries = (kind, attempt) =>
    names()
      .filter((name) => name.startsWith(`${kind}/${account}/` + (attempt ? attempt + "/" : "")))
      .map(entry)
      .filter(Boolean)
      .sort((one, other) => one.sequence - other.sequence || (one.sender < other.sender ? -1 : 1));

  const record = (attempt, given) => {
    const before = entries("waiting", attempt);
    last = Math.max(last, ...before.map((each) => each.sequence)) + 1;
    write(`waiting/${account}/${attempt}/${last}/${sender}`, JSON.stringify(given));
    // What another page gave earlier is sent first: whoever is heard last, stands.
    const outdated = [...before.filter((each) => each.sender === sender), ...entries("refused", attempt)];
    for (const each of outdated) if (each.item === given.item) remove(each.name);
    later(QUIET);
  };

  const tell = (detail = {}) => {
    if (!entries("waiting").length) state = ""; // another tab may have sent it all
    show();
    document.dispatchEvent(new CustomEvent("answers", { detail }));
  };

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  const failed = (how, seconds = 0) => {
    state = how;
    if (how === "sign-in") return false; // nothing this page sends will be taken any more
    later(Math.max(wait, seconds * 1000));
    wait = Math.min(wait * 2, LONGEST_WAIT);
    return false;
  };

  const acknowledged = (batch, reply) => {
    const sent = batch.filter((each) => reply.saved.includes(each.item));
    if (!sent.length) return failed("busy");
    for (const each of sent) {
      remove(each.name);
      if (reply.late?.includes(each.item)) late.add(`${each.title}, ${each.question}`);
    }
    state = "";
    wait = FIRST_WAIT;
    tell({ saved: sent, reply });
    return true;
  };

  const refused = (batch, problem) => {
    const fault = (each) => Object.keys(problem.fields || {}).find((name) => name.split(".")[0] === "answer-" + each.item);
    const named = batch.filter(fault);
    if (!named.length && problem.status === 422 && batch.length > 1) return false;
    const out = named.length ? named : batch;
    for (const each of out) {
      if (read(each.name) === null) continue; // something newer was given meanwhile
      const reason = problem.fields?.[fault(each)] || problem.detail;
      write(each.name.replace("waiting", "refused"), JSON.stringify({ ...each, reason }));
      remove(each.name);
    }
    return true;
  };

  const post = async (batch) => {
    const answers = batch.map(({ item, response, sequence }) => ({ item, response, sequence }));
    const body = JSON.stringify({ sender: batch[0].sender, answers });
    request = new AbortController();
    const giveUp = setTimeout(() => request.abort(), LONGEST_REPLY);
    try {
      const reply = await fetch(`/attempts/${batch[0].attempt}/answers`, {
        method: "POST",
        keepalive: body.length < LONGEST_KEPT_ALIVE,
        redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": document.querySelector("[name=csrf_token]").value },
        body,
        signal: request.signal,
      });
      // What is not in our words is not from our server: a hotel's sign-in page, say.
      return [reply, reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : null];
    } finally {
      clearTimeout(giveUp);
    }
  };

  /** Send a batch; return whether to go on with what is left, or "singly". */
  const deliver = async (batch) => {
    let reply, said;
    try {
      [reply, said] = await post(batch);
    } catch (error) {
      return failed(error.name === "AbortError" ? "busy" : "offline");
    }
    if (reply.ok && said?.saved) return acknowledged(batch, said);
    if (said && FINAL.includes(reply.status)) return refused(batch, said) || "singly";
    if (reply.type === "opaqueredirect" || (said && [400, 401].includes(reply.status))) return failed("sign-in");
    return failed("busy", Number(reply.headers.get("Retry-After")) || 0);
  };

  const sendAll = async () => {
    let most = MOST, left = entries("waiting");
    while (left.length) {
      const [first] = left, batch = [];
      let letters = 0;
      for (const each of left.filter(({ attempt }) => attempt === first.attempt)) {
        letters += JSON.stringify(each.response).length;
        if (each.sender !== first.sender || batch.length === most || (batch.length && letters > MOST_LETTERS)) break;
        batch.push(each);
      }
      const goOn = await deliver(batch);
      if (!goOn) break;
      if (goOn === "singly") most = 1;
      left = left.filter(({ name }) => read(name) !== null);
    }
    tell();
  };

  // One tab at a time, where the browser can see to that; sending twice does no harm, it only costs.
  const alone = (work) => (navigator.locks ? navigator.locks.request("answers/" + account, work) : work());

  /** Send what waits; return a promise of the end of it. */
  function send() {
    clearTimeout(timer);
    if (!underway && entries("waiting").length) {
      underway = alone(sendAll).finally(() => {
        underway = null;
        if (!state && entries("waiting").length) later(QUIET);
      });
      tell();
    }
    return underway || Promise.resolve();
  }

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  /** Send all that waits, also what was given while something else was on its way, and stay no longer than it takes. */
  const flush = async (longest = LONGEST_STAY) => {
    const both = async () => (await underway, await send());
    await Promise.race([both(), pause(longest)]);
  };

  const part = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);

  function show() {
    const waiting = entries("waiting").length, gone = entries("refused");
    const now = JSON.stringify([state && waiting, state, [...late], gone]);
    if (now === shown) return; // said once
    shown = now;
    const notes = [];
    if (state === "sign-in" && waiting) {
      const note = part("p", words.signIn.replace("{n}", waiting) + " ");
      note.append(part("a", words.toSignIn, { href: "/sign-in?next=" + encodeURIComponent(location.pathname) }));
      notes.push(note);
    } else if (state && waiting) notes.push(part("p", words.waiting.replace("{n}", waiting)));
    for (const each of late) notes.push(part("p", words.late + " " + each));
    for (const each of gone) notes.push(refusal(each));
    region.replaceChildren(
      ...notes.map((note) => {
        const box = part("div", "", { className: "notice notice-warning" });
        const inner = part("div", "");
        inner.append(note);
        box.append(inner);
        return box;
      }),
    );
  }

  const refusal = (each) => {
    const note = part("div", "");
    const typed = part("textarea", each.words, { readOnly: true, rows: 3 });
    typed.setAttribute("aria-label", `${each.title}, ${each.question}`);
    const button = part("button", words.remove, { type: "button", className: "button button-secondary button-small" });
    button.addEventListener("click", () => (remove(each.name), tell()));
    note.append(part("p", words.refused, { className: "notice-title" }), part("p", `${each.title}, ${each.question}: ${each.reason}`), typed, button);
    return note;
  };

  const isMine = (name) => name.split("/")[1] === account;
  const erase = () => {
    request?.abort();
    clearTimeout(timer);
    names().filter(isMine).forEach(remove);
  };

  const list = (form) => {
    const counts = new Map();
    for (const kind of ["waiting", "refused"])
      for (const { title } of entries(kind)) {
        const line = words[kind === "waiting" ? "unsent" : "untaken"].replace("{title}", title);
        counts.set(line, (counts.get(line) || 0) + 1);
      }
    dialog.querySelector("ul").replaceChildren(...[...counts].map(([line, n]) => part("li", line.replace("{n}", n))));
    if (!counts.size) leave(form);
  };

  const leave = (form) => {
    erase();
    form.dataset.signOut = "agreed";
    form.requestSubmit();
  };

  /** Name what waits before it is erased, and have the person choose. */
  const ask = async (form) => {
    await flush();
    const told = dialog.querySelector("[role=status]");
    told.textContent = "";
    list(form);
    if (form.dataset.signOut === "agreed") return;
    dialog.showModal();
    dialog.querySelector("[value=stay]").onclick = () => dialog.close();
    dialog.querySelector("[value=erase]").onclick = () => leave(form);
    dialog.querySelector("[value=send]").onclick = async () => {
      told.textContent = words.sending;
      await flush();
      told.textContent = words.unsentStill;
      list(form);
    };
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("signOut" in form.dataset)) return;
    if (form.dataset.signOut === "agreed" || !(entries("waiting").length + entries("refused").length)) return;
    event.preventDefault();
    ask(form);
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (!isMine(key || "")) return;
    tell();
    if (newValue) later(FIRST_WAIT); // should the tab that wrote it not get to it
  });
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
  show();
  // Once the form, if there is one, has taken up what waits.
  if (document.readyState === "complete") send();
  else addEventListener("load", send);

  return {
    record,
    send,
    flush,
    /** Stop what is on its way: the form says it now. */
    stop: () => request?.abort(),
    waiting: (attempt) => entries("waiting", attempt),
    refused: (attempt) => entries("refused", attempt),
    isSending: () => Boolean(underway),
    state: () => state,
  };
})();

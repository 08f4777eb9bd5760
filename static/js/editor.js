// The editor of a section of a course: a preview while one types, drafts saved as one types, and a toolbar that only inserts text.
// What is typed stays in the page until the server has said that it has it; a draft that somebody else changed is never written over.
"use strict";

(() => {
  // Two texts beside each other: what was typed is nowhere else yet.
  let leaving = false;
  const kept = document.querySelectorAll("form[data-kept]");
  for (const each of kept) each.addEventListener("submit", () => (leaving = true));
  if (kept.length) addEventListener("beforeunload", (event) => leaving || event.preventDefault());

  const form = document.getElementById("editor");
  if (!form) return;
  const words = form.dataset, at = (id) => document.getElementById(id);
  const text = at("text"), title = at("title"), version = at("version"), seen = at("seen"), state = at("state"), stale = at("stale");
  const QUIET = 1200, PREVIEW_AFTER = 350, FIRST_WAIT = 2000, LONGEST_WAIT = 60000;
  const typed = () => JSON.stringify([title.value, text.value]);
  let saved = typed(), wait = FIRST_WAIT, saving = 0, underway = null, stopped = false;
  // A page that shows what was refused, or a preview, holds text that is not saved.
  if (text.value !== text.defaultValue || title.value !== title.defaultValue || location.pathname !== new URL(words.draft, location).pathname.replace(/\/draft$/, "")) saved = "";

  const say = (message, isFault = false) => {
    if (state.textContent !== message) state.textContent = message;
    state.dataset.state = isFault ? "failed" : "";
  };

  // In the time of the device, as its clock on the wall.
  const timeOf = (moment) => {
    const when = new Date(moment), time = { hour: "2-digit", minute: "2-digit" };
    const isToday = when.toDateString() === new Date().toDateString();
    return when.toLocaleString(document.documentElement.lang, isToday ? time : { ...time, day: "numeric", month: "short" });
  };
  const before = state.querySelector("[data-at]");
  if (before) before.textContent = words.saved.replace("{time}", timeOf(before.dataset.at));

  const send = async (url) => {
    const body = new URLSearchParams();
    for (const name of ["csrf_token", "version", "seen", "title", "text"]) body.set(name, form.elements[name].value);
    const response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    return { status: response.status, after: Number(response.headers.get("Retry-After")) * 1000, reply: isJson ? await response.json() : null };
  };

  // Drafts.
  const later = (milliseconds) => {
    clearTimeout(saving);
    if (!stopped) saving = setTimeout(save, milliseconds);
  };

  const again = (message, after = 0) => {
    say(message, true);
    later(Math.max(wait, after));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const save = () => (underway ??= write().finally(() => (underway = null)));

  async function write() {
    const sent = typed();
    if (stopped || sent === saved) return;
    say(words.saving);
    let answer;
    try {
      answer = await send(words.draft);
    } catch {
      return again(words.offline);
    }
    const { status, reply, after } = answer;
    if (status === 200 && reply) {
      version.value = reply.version;
      saved = sent;
      wait = FIRST_WAIT;
      at("moved-on").hidden = !reply.moved_on;
      at("discard").hidden = !reply.at;
      say(typed() !== saved ? words.unsaved : reply.at ? words.saved.replace("{time}", timeOf(reply.at)) : words.same);
      if (typed() !== saved) later(QUIET);
    } else if (status === 409) {
      stopped = true;
      stale.hidden = false;
      say(words.unsaved, true);
    } else if (status === 422 && reply) say(reply.detail, true); // it is sent again once it was changed
    else if (status === 429 || status >= 500) again(words.offline, after);
    else if (status === 413) say(reply?.detail || words.unsaved, true);
    else {
      stopped = true;
      say(words.signedOut, true);
    }
  }

  addEventListener("online", () => later(0));
  addEventListener("beforeunload", (event) => {
    if (!leaving && typed() !== saved) event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(saving);
    if (underway) {
      // Its answer brings the version with which the form is to be sent.
      event.preventDefault();
      const { submitter } = event;
      await underway;
      clearTimeout(saving);
      form.requestSubmit(submitter);
      return;
    }
    if (event.submitter === at("look")) {
      event.preventDefault();
      later(QUIET);
      look();
      at("preview").focus();
      return;
    }
    stopped = leaving = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload(); // a page from the browser's memory has an old version
  });

  // Preview: one at a time, so that somebody who types fast on a slow line does not queue up work for the server.
  let looking = 0, isLooking = false, wantsAgain = false;
  const lookLater = (milliseconds = PREVIEW_AFTER) => {
    clearTimeout(looking);
    looking = setTimeout(look, milliseconds);
  };

  async function look() {
    clearTimeout(looking);
    if (isLooking) return (wantsAgain = true);
    isLooking = true;
    at("shown").hidden = false;
    try {
      const { status, reply, after } = await send(words.preview);
      if (status === 200 && reply) {
        at("preview-state").textContent = "";
        at("preview").innerHTML = reply.html; // cleaned by the server
        at("based").textContent = reply.based;
        showFaults(reply);
      } else {
        at("preview-state").textContent = `${words.old} ${reply?.detail || ""}`;
        if (status === 429) lookLater(after);
      }
    } catch {
      at("preview-state").textContent = words.old;
    }
    isLooking = false;
    if (wantsAgain) lookLater(0);
    wantsAgain = false;
  }

  const showFaults = ({ faults, count }) => {
    at("faults").hidden = false;
    if (at("count").textContent !== count) at("count").textContent = count;
    const named = at("fault-words").content.firstElementChild.dataset;
    at("fault-list").replaceChildren(
      ...faults.map((fault) => {
        const line = at("fault").content.firstElementChild.cloneNode(true);
        const [badge, place, message] = line.firstElementChild.children;
        badge.textContent = named[fault.severity];
        badge.classList.add(fault.severity === "error" ? "badge-wrong" : "badge-waiting");
        place.textContent = words.line.replace("{line}", fault.line);
        message.textContent = fault.message;
        line.firstElementChild.addEventListener("click", () => goTo(fault.line));
        return line;
      }),
    );
  };

  /** Selects a line of the text and brings it into view. */
  const goTo = (line) => {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    // How far down that is depends on where lines are broken: a copy of the field knows.
    const copy = text.cloneNode();
    copy.removeAttribute("id");
    Object.assign(copy.style, { position: "absolute", visibility: "hidden", blockSize: "0", minBlockSize: "0", inlineSize: `${text.offsetWidth}px` });
    copy.value = text.value.slice(0, start);
    text.after(copy);
    text.scrollTop = Math.max(0, copy.scrollHeight - text.clientHeight / 2);
    copy.remove();
  };

  form.addEventListener("input", () => {
    if (!stopped) say(words.unsaved);
    later(QUIET);
    lookLater();
  });
  at("preview").addEventListener("click", (event) => {
    // Reading on from here would leave the text behind.
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) Object.assign(link, { target: "_blank", rel: "noopener" });
  });

  // Inserting, such that the browser's own undo takes it back.
  const put = (inserted, from = text.selectionStart, to = text.selectionEnd) => {
    text.focus();
    text.setSelectionRange(from, to);
    if (document.execCommand("insertText", false, inserted)) return;
    text.setRangeText(inserted, from, to, "end");
    text.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const chosen = () => text.value.slice(text.selectionStart, text.selectionEnd);

  /** Puts marks around what is selected, or around a sample that is selected then. */
  const around = (before, after, sample = words.sample) => {
    const start = text.selectionStart, inner = chosen() || sample;
    put(before + inner + after);
    text.setSelectionRange(start + before.length, start + before.length + inner.length);
  };

  /** Puts a passage of its own behind the one at the cursor. */
  const passage = (inserted, select = "") => {
    const end = text.value.indexOf("\n\n", text.selectionEnd), place = end < 0 ? text.value.trimEnd().length : end;
    const lead = place ? "\n\n" : "", tail = text.value.slice(place).startsWith("\n") || place === text.value.length ? "" : "\n\n";
    put(lead + inserted + tail, place, place);
    const found = place + lead.length + inserted.indexOf(select);
    if (select) text.setSelectionRange(found, found + select.length);
  };

  /** Has each of the selected lines begin so. */
  const lines = (mark) => {
    const from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1, until = text.value.indexOf("\n", text.selectionEnd);
    const to = until < 0 ? text.value.length : until;
    put(text.value.slice(from, to).split("\n").map((line) => mark + line).join("\n") || mark, from, to);
  };

  const footnote = () => {
    const used = [...text.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
    const number = Math.max(0, ...used) + 1;
    put(`[^${number}]`, text.selectionEnd, text.selectionEnd);
    const place = text.value.trimEnd().length;
    put(`\n\n[^${number}]: ${words.sample}`, place, place);
    text.setSelectionRange(text.value.trimEnd().length - words.sample.length, text.value.trimEnd().length);
  };

  const directive = (head) => passage(`::: ${head}\n${chosen() || words.sample}\n:::`, head.endsWith(words.titleSample) ? words.titleSample : words.sample);
  const acts = {
    bold: () => around("**", "**"),
    italics: () => around("*", "*"),
    link: () => around("[", "](https://)"),
    heading: () => lines("## "),
    list: () => lines("- "),
    table: () => passage(`| ${words.sample} | ${words.sample} |\n|---|---|\n| ${words.sample} | ${words.sample} |`, words.sample),
    footnote,
    case: () => directive(`case XX ${words.titleSample}`),
    discuss: () => directive(`discuss ${words.titleSample}`),
    note: () => directive(`note ${words.titleSample}`),
    citation: () => choose("citation", "references", ({ key }) => put(`[@${key}]`, text.selectionEnd, text.selectionEnd)),
    term: () => choose("term", "terms", ({ key, words: name }) => put(`[${chosen() || name}]{glossary ${key}}`)),
    picture: () => choose("picture", "pictures", ({ key, alt }) => passage(`![${alt.replace(/[[\]]/g, "") || words.sample}](media/${key})`, alt ? "" : words.sample)),
    section: () => choose("section", "sections", ({ key, words: name }) => put(`[${chosen() || name.replace(/[[\]]/g, "")}](section:${key})`)),
  };

  const tools = at("tools"), buttons = [...tools.querySelectorAll("button")];
  tools.hidden = false;
  const reach = (button, focus = true) => {
    for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
    if (focus) button.focus();
  };
  reach(buttons[0], false);
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-insert]");
    if (!button) return;
    reach(button, false);
    acts[button.dataset.insert]();
  });
  tools.addEventListener("keydown", (event) => {
    const ahead = getComputedStyle(tools).direction === "rtl" ? -1 : 1, place = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: place + ahead, ArrowLeft: place - ahead, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    reach(buttons[(to + buttons.length) % buttons.length]);
  });
  text.addEventListener("keydown", (event) => {
    const act = { b: "bold", i: "italics" }[event.key.toLowerCase()];
    if (!act || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    acts[act]();
  });

  // Choosing what to point at.
  const chooser = at("chooser"), list = at("chooser-list"), find = at("chooser-find"), heading = at("chooser-title");
  let offered = null, shown = [], take = null;
  const fill = () => {
    const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = shown.filter(({ key, words: name }) => wanted.every((word) => `${key} ${name}`.toLowerCase().includes(word)));
    list.replaceChildren(...found.map(({ key, words: name }) => new Option(name, key)));
    if (!found.length) list.append(Object.assign(new Option(words.nothing, ""), { disabled: true }));
    else list.selectedIndex = 0;
  };

  async function choose(kind, sort, then) {
    const from = text.selectionStart, to = text.selectionEnd;
    try {
      offered ??= await (await fetch(words.insertable, { headers: { Accept: "application/json" } })).json();
    } catch {
      return say(words.offline, true);
    }
    shown = offered[sort] || [];
    take = (each) => {
      text.setSelectionRange(from, to);
      then(each);
    };
    heading.textContent = heading.dataset[kind];
    find.value = chooser.returnValue = "";
    fill();
    chooser.showModal();
  }

  find.addEventListener("input", fill);
  find.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.focus();
  });
  list.addEventListener("dblclick", () => chooser.close("take"));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    chooser.close("take");
  });
  chooser.addEventListener("close", () => {
    const found = shown.find(({ key }) => key === list.value);
    if (chooser.returnValue === "take" && found) take(found);
    else text.focus();
  });

  const asked = location.hash.match(/^#line-(\d{1,6})$/);
  if (asked) goTo(Number(asked[1]));
  lookLater(0);
  if (saved === "") later(QUIET);
})();

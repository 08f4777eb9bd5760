// Shows the definition of a term where it is used. Without this script its link leads to the glossary, as it does here too.
"use strict";

(() => {
  if (!("popover" in HTMLElement.prototype)) return;
  const note = document.createElement("div");
  note.className = "term-note";
  note.popover = "auto";
  // The definition is read out when it opens; Escape closes it and leads back to the link.
  note.tabIndex = -1;
  note.autofocus = true;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.term[aria-describedby]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const definition = document.getElementById(link.getAttribute("aria-describedby"));
    if (!definition) return;
    event.preventDefault();
    if (note.isConnected && note.matches(":popover-open")) note.hidePopover();
    const name = document.createElement("a");
    name.href = link.href;
    name.textContent = definition.previousElementSibling.textContent;
    note.replaceChildren(name, ...definition.cloneNode(true).childNodes);
    link.after(note);
    link.focus();
    note.showPopover();
    const box = link.getClientRects()[0];
    const farthest = document.documentElement.clientWidth - note.offsetWidth - 16;
    note.style.left = scrollX + Math.max(16, Math.min(box.left, farthest)) + "px";
    // Below the word, or above it where the screen ends.
    const above = box.bottom + note.offsetHeight + 6 > innerHeight && box.top > note.offsetHeight;
    note.style.top = scrollY + (above ? box.top - note.offsetHeight - 6 : box.bottom + 6) + "px";
  });
})();

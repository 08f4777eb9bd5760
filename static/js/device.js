// Looks whether answers of this account wait on this device, and only then fetches the script that sends them (answer-queue.js).
// Runs on every page of somebody who is signed in, so it is small.
"use strict";

(() => {
  const { account, answerQueue } = document.body.dataset;
  const accountOf = (name) => (/^(waiting|refused)\//.test(name) ? name.split("/")[1] : "");
  const accounts = () => {
    try {
      return Object.keys(localStorage).map(accountOf).filter(Boolean);
    } catch {
      return []; // the browser lets us keep nothing
    }
  };
  const fetchScript = () => {
    if (document.querySelector(`script[src="${answerQueue}"]`)) return;
    document.head.append(Object.assign(document.createElement("script"), { src: answerQueue }));
  };
  if (accounts().includes(account)) fetchScript();

  addEventListener("storage", ({ key, newValue }) => {
    if (accountOf(key || "") === account) fetchScript();
    // Signed out in another tab: here, too, nobody is to read what was this person's.
    if (key === "signed-out" && newValue === account) location.replace("/");
  });
  // On the window, since the queue's own listener may yet hold a sign-out back.
  addEventListener("submit", (event) => {
    if (event.defaultPrevented || !("signOut" in event.target.dataset)) return;
    // The browser is not to clear away what waits for somebody else.
    if (accounts().some((each) => each !== account))
      event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "others-wait", value: "1" }));
    try {
      localStorage.setItem("signed-out", account);
      localStorage.removeItem("signed-out");
    } catch {
      // No other tab to tell.
    }
  });
})();

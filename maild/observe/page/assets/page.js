// Keeps the page as it is now: the server sends the changed page, section by section what differs is put in place.
// Without this script the page can be read just the same, and is as old as its last reload.
"use strict";

const link = document.getElementById("link");
const main = document.getElementById("content");

function take(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const section of fresh.querySelectorAll("body > section")) {
    const old = document.getElementById(section.id);
    if (old === null || old.innerHTML === section.innerHTML && old.className === section.className) {
      continue;
    }
    // What somebody has opened stays open, and who reads with the keyboard stays where she is.
    for (const opened of old.querySelectorAll("details[open]")) {
      const same = section.querySelector(`#${CSS.escape(opened.id)}`);
      if (same !== null) same.open = true;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.closest("details") : null;
    old.replaceWith(section);
    if (focused !== null) document.getElementById(focused.id)?.querySelector("summary")?.focus();
  }
  document.title = `${document.getElementById("headline").textContent} - maild`;
}

// An action is answered in its place, so that the token need not be typed again.
const act = document.getElementById("act");
if (act !== null) {
  act.addEventListener("submit", async (event) => {
    event.preventDefault();
    const done = document.getElementById("done");
    done.textContent = "...";
    try {
      const body = new URLSearchParams(new FormData(act, event.submitter));
      const answer = await fetch(act.action, { method: "POST", body, headers: { Accept: "text/plain" } });
      done.textContent = await answer.text();
    } catch {
      done.textContent = "maild does not answer.";
    }
  });
}

if (window.EventSource !== undefined && main !== null) {
  const source = new EventSource("/live");
  source.addEventListener("page", (event) => {
    link.textContent = "Live";
    take(event.data);
  });
  source.addEventListener("error", () => {
    // The server ends a stream after a while, and the browser asks again: only a longer silence is news.
    window.setTimeout(() => {
      if (source.readyState !== EventSource.OPEN) link.textContent = "maild does not answer; this is the last it said.";
    }, 6000);
  });
}

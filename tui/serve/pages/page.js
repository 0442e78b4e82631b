"use strict";
// Prepares the page for textual.js, which connects when the page has loaded.
(() => {
  const FONTS = ['16px "Roboto Mono"', 'bold 16px "Roboto Mono"'];
  const isDownload = (url) => /^download\/[0-9a-f-]+$/.test(url);
  const isOpen = () => document.body.matches(".-loaded:not(.-closed)");
  const focusTerminal = () => isOpen() && document.querySelector(".xterm-helper-textarea").focus();

  // textual.js opens a link in a tab, which browsers block as a pop-up; a file is to be saved instead.
  const open = window.open.bind(window);
  window.open = (url, target) => {
    if (!isDownload(String(url))) return open(url, target, "noopener");
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
    return null;
  };

  // Browsers have this only on https and on the machine itself. Elsewhere a text is copied as from a field.
  if (!navigator.clipboard) {
    const writeText = async (text) => {
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      focusTerminal();
    };
    Object.defineProperty(navigator, "clipboard", { value: { writeText, readText: async () => "" } });
  }

  // xterm.js takes ctrl+v as a character, and prevents that the browser pastes.
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey && !event.altKey && event.code === "KeyV") event.stopPropagation();
  }, true);

  // The terminal gets the keys without a click.
  window.addEventListener("focus", () => setTimeout(focusTerminal));
  document.addEventListener("mouseup", () => setTimeout(focusTerminal));

  // The server says with a code why it closes the connection; any other code is the browser's.
  const ENDS = { 1000: "quit", 1001: "stopped", 1013: "full" };
  window.WebSocket = class extends window.WebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener("close", ({ code }) => { document.body.dataset.end = ENDS[code] || "lost"; });
    }
  };

  // A reload without a server would end at an error page of the browser, and this page would be gone.
  const startAgain = async (button) => {
    document.body.classList.remove("-silent");
    try {
      await fetch(window.location.href, { cache: "no-store" });
      window.location.reload();
    } catch {
      document.body.classList.add("-silent");
    }
  };

  // ctrl+w closes a tab, and with it a session that waits for some seconds only; in a terminal it deletes a word.
  window.addEventListener("beforeunload", (event) => isOpen() && event.preventDefault());

  document.addEventListener("DOMContentLoaded", () => {
    const terminal = document.getElementById("terminal");
    const socket = new URL(terminal.dataset.socket, window.location.href);
    socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";
    terminal.dataset.sessionWebsocketUrl = socket.href;
    // textual.js measures a character when it starts, so the font has to be there.
    const start = window.onload;
    window.onload = async (event) => {
      await Promise.allSettled(FONTS.map((font) => document.fonts.load(font)));
      start(event);
    };
    new MutationObserver(focusTerminal).observe(document.body, { attributeFilter: ["class"] });
    for (const button of document.querySelectorAll(".again")) {
      button.addEventListener("click", () => startAgain(button));
    }
  });
})();

"use strict";
// Prepares the page for textual.js, which connects when the page has loaded.
(() => {
  const isDownload = (url) => /^download\/[0-9a-f-]+$/.test(url);

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

  document.addEventListener("DOMContentLoaded", () => {
    const terminal = document.getElementById("terminal");
    const socket = new URL(terminal.dataset.socket, window.location.href);
    socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";
    terminal.dataset.sessionWebsocketUrl = socket.href;
    for (const button of document.querySelectorAll(".again")) {
      button.addEventListener("click", () => window.location.reload());
    }
  });
})();

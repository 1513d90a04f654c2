// Ctrl+Enter in the editor runs what stands there.
"use strict";

document.getElementById("f-sql").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const form = document.getElementById("asking");
    const run = form.querySelector('button[value="run"]');
    if (!run.disabled) form.requestSubmit(run);
  }
});

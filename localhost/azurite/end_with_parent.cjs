// Loaded into Azurite before its own code. Azurite keeps its rows only when it ends by SIGINT, takes a second
// SIGINT as "die at once", and would outlive whoever started it. stdin is a pipe from that process: it closes
// when that process ends, however it ends.
let saving = false;

process.on("SIGINT", () => {
  if (process.listenerCount("SIGINT") > 1) {
    saving = true; // Azurite's own listener, called next, saves and ends. It removes itself.
  } else if (!saving) {
    process.exit(0); // Azurite is not serving yet: there is nothing to save.
  }
});

process.stdin.on("close", () => process.kill(process.pid, "SIGINT"));
process.stdin.resume();
process.stdin.unref();

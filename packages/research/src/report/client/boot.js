// Runs in the head, before the first paint, so that a reader's chosen theme does not flash. A file opened from disk may have no storage.
try {
  const theme = localStorage.getItem("tradepulse-report-theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset["theme"] = theme;
} catch {
  // The system's theme it is.
}

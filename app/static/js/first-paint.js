// Before the first paint: the theme that was chosen, so that nothing flashes.
document.documentElement.dataset.theme = new URLSearchParams(location.hash.slice(1)).get("theme") ?? localStorage.getItem("theme") ?? "";

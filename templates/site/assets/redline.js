// So với bản trước: bật hay tắt ở một trang thì các trang sau theo như thế.
(() => {
  const key = "so-voi";
  const set = (on) => document.body.classList.toggle("redlined", on);
  const kept = () => { try { return localStorage.getItem(key) === "1"; } catch { return false; } };
  const box = document.getElementById("so-voi");
  const linked = new URLSearchParams(location.search).get(key) === "1";
  set(kept() || linked);
  if (!box) return;
  box.checked = kept() || linked;
  box.addEventListener("change", () => {
    set(box.checked);
    try { localStorage.setItem(key, box.checked ? "1" : "0"); } catch { /* không lưu được thì chỉ trang này */ }
  });
})();

/* Đọc số trên hình: rê chuột, chạm, hoặc đưa con trỏ bàn phím vào hình rồi dùng các phím mũi tên.
   Mỗi điểm, cột, ô của hình mang sẵn câu đọc số (data-label) và hàng, cột của nó (data-at).
   Không có JavaScript thì hình vẫn đủ; bảng số liệu nằm dưới hình. */
(function () {
  "use strict";
  var REACH = 28; /* xa hơn chừng này (điểm ảnh) thì con trỏ không chỉ vào số nào */
  var SVG = "http://www.w3.org/2000/svg";
  var label, current = null;

  function build() {
    label = document.createElement("div");
    label.className = "chart-label";
    label.setAttribute("role", "status");
    label.setAttribute("aria-live", "polite");
    document.body.appendChild(label);
  }

  /* Các dấu mang số của một hình. */
  function marksOf(drawing) {
    return Array.from(drawing.querySelectorAll("[data-label]"), function (element) {
      var at = element.dataset.at.split(",");
      return { element: element, row: Number(at[0]), column: Number(at[1]) };
    });
  }

  /* Khung quanh dấu đang đọc, vẽ trong hình nên cuộn và co giãn cùng hình. */
  function frame(svg, box) {
    var ring = svg.querySelector(".chart-ring") || svg.appendChild(document.createElementNS(SVG, "rect"));
    var matrix = svg.getScreenCTM().inverse();
    var start = new DOMPoint(box.left, box.top).matrixTransform(matrix);
    var end = new DOMPoint(box.right, box.bottom).matrixTransform(matrix);
    ring.setAttribute("class", "chart-ring");
    ring.setAttribute("x", start.x - 3);
    ring.setAttribute("y", start.y - 3);
    ring.setAttribute("width", end.x - start.x + 6);
    ring.setAttribute("height", end.y - start.y + 6);
    ring.setAttribute("rx", 3);
  }

  function show(drawing, mark) {
    var box = mark.element.getBoundingClientRect(), room = document.documentElement.clientWidth;
    current = { drawing: drawing, mark: mark };
    frame(drawing.querySelector("svg"), box);
    if (label.textContent !== mark.element.dataset.label) label.textContent = mark.element.dataset.label;
    label.classList.add("chart-label--shown");
    var left = (box.left + box.right - label.offsetWidth) / 2;
    var above = box.top - label.offsetHeight - 10;
    label.style.left = window.scrollX + Math.max(6, Math.min(left, room - label.offsetWidth - 6)) + "px";
    label.style.top = window.scrollY + (above > 60 ? above : box.bottom + 10) + "px";
  }

  function hide() {
    if (!current) return;
    var ring = current.drawing.querySelector(".chart-ring");
    if (ring) ring.remove();
    label.classList.remove("chart-label--shown");
    label.textContent = "";
    current = null;
  }

  /* Dấu dưới con trỏ, hoặc gần nó nhất trong tầm. */
  function nearest(drawing, x, y) {
    var best = null, least = REACH;
    drawing.marks.forEach(function (mark) {
      var box = mark.element.getBoundingClientRect();
      var across = Math.max(box.left - x, 0, x - box.right), down = Math.max(box.top - y, 0, y - box.bottom);
      var away = Math.hypot(across, down);
      if (away < least) { least = away; best = mark; }
    });
    return best;
  }

  /* Dấu mà phím đưa tới: trái, phải trong một hàng; lên, xuống sang hàng bên, ở cột gần nhất. */
  function next(marks, from, key) {
    var rows = Array.from(new Set(marks.map(function (one) { return one.row; }))).sort(function (a, b) { return a - b; });
    function along(row) {
      return marks.filter(function (one) { return one.row === row; }).sort(function (a, b) { return a.column - b.column; });
    }
    if (!from) return along(rows[0])[0];
    var own = along(from.row), place = own.indexOf(from);
    if (key === "ArrowLeft") return own[Math.max(place - 1, 0)];
    if (key === "ArrowRight") return own[Math.min(place + 1, own.length - 1)];
    if (key === "Home") return own[0];
    if (key === "End") return own[own.length - 1];
    var row = rows[rows.indexOf(from.row) + (key === "ArrowUp" ? -1 : 1)];
    if (row === undefined) return from;
    return along(row).reduce(function (best, one) {
      return Math.abs(one.column - from.column) < Math.abs(best.column - from.column) ? one : best;
    });
  }

  function press(event, drawing) {
    if (event.key === "Escape") { hide(); return; }
    if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    var from = current && current.drawing === drawing ? current.mark : null;
    var mark = next(drawing.marks, from, event.key);
    mark.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    show(drawing, mark);
  }

  function enliven(element) {
    var drawing = element, marks = marksOf(element);
    if (!marks.length) return;
    drawing.marks = marks;
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application"); /* để trình đọc màn hình chuyển phím mũi tên cho hình */
    drawing.setAttribute("aria-roledescription", "hình, dùng phím mũi tên để đọc từng số");
    drawing.addEventListener("keydown", function (event) { press(event, drawing); });
    drawing.addEventListener("blur", hide);
    ["pointermove", "pointerdown"].forEach(function (kind) {
      drawing.addEventListener(kind, function (event) {
        var mark = nearest(drawing, event.clientX, event.clientY);
        if (mark) show(drawing, mark); else hide();
      });
    });
    drawing.addEventListener("pointerleave", function (event) { if (event.pointerType === "mouse") hide(); });
    drawing.addEventListener("scroll", function () { if (current) show(current.drawing, current.mark); });
  }

  function start() {
    build();
    document.querySelectorAll(".drawing").forEach(enliven);
    document.addEventListener("pointerdown", function (event) {
      if (!(event.target instanceof Element && event.target.closest(".drawing"))) hide();
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();

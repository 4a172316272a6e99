/* Xuất xứ của từng số liệu: một thẻ nhỏ hiện ra khi rê chuột, khi đưa con trỏ bàn phím tới, hoặc khi chạm. */
(function () {
  "use strict";
  var FACTS = [
    ["indicator", "Chỉ tiêu"], ["area", "Địa bàn"], ["operation", "Cách tính"], ["period", "Kỳ"],
    ["status", "Tình trạng"], ["source", "Nguồn"], ["note", "Ghi chú"], ["entered", "Người nhập"]
  ];
  var SHOWN = 4;
  var card, shown, closing;

  function build() {
    card = document.createElement("div");
    card.id = "galley-card";
    card.className = "galley-card";
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", "Xuất xứ của số liệu");
    card.hidden = true;
    card.addEventListener("mouseenter", function () { clearTimeout(closing); });
    card.addEventListener("mouseleave", later);
    card.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !card.contains(event.relatedTarget) && event.relatedTarget !== shown) close();
    });
    (document.querySelector("main") || document.body).appendChild(card);
  }

  /* Điều ghi ở chính số liệu, nếu không có thì ở dòng, ở bảng chứa nó. */
  function told(figure, name) {
    if (figure.dataset[name]) return figure.dataset[name];
    var row = figure.closest("tr"), table = figure.closest("table");
    return (row && row.dataset[name]) || (table && table.dataset[name]) || "";
  }

  /* Danh sách dài chỉ hiện vài mục đầu, các mục khác mở bằng nút. */
  function items(text) {
    var all = text.split("; "), list = document.createElement("ul"), fragment = document.createDocumentFragment();
    all.forEach(function (one, number) {
      var item = document.createElement("li");
      item.textContent = one;
      item.hidden = number >= SHOWN;
      list.appendChild(item);
    });
    fragment.appendChild(list);
    if (all.length > SHOWN) {
      var more = document.createElement("button");
      more.type = "button";
      more.textContent = "… và " + (all.length - SHOWN) + " số khác";
      more.addEventListener("click", function (event) {
        event.stopPropagation();
        Array.prototype.forEach.call(list.children, function (item) { item.hidden = false; });
        more.remove();
        list.tabIndex = -1;
        list.focus({ preventScroll: true });
        place(shown);
      });
      fragment.appendChild(more);
    }
    return fragment;
  }

  function link(text, address) {
    var made = document.createElement("a");
    made.href = address;
    made.textContent = text;
    return made;
  }

  function fill(figure) {
    card.textContent = "";
    card.scrollTop = 0;
    var list = document.createElement("dl"), links = document.createElement("p");
    FACTS.forEach(function (fact) {
      var text = told(figure, fact[0]);
      if (!text) return;
      var term = document.createElement("dt"), value = document.createElement("dd");
      term.textContent = fact[1];
      if (fact[0] === "entered") value.appendChild(items(text)); else value.textContent = text;
      if (fact[0] === "operation" && figure.dataset.inputs) value.appendChild(items(figure.dataset.inputs));
      list.append(term, value);
    });
    card.appendChild(list);
    if (figure.dataset.href) links.appendChild(link("Xem chỉ tiêu", figure.dataset.href));
    if (/^https?:/.test(figure.dataset.line || "")) links.appendChild(link("Xem dòng số liệu", figure.dataset.line));
    if (!links.children.length) return;
    card.appendChild(links);
    if (figure.matches(":focus-visible")) {
      var hint = document.createElement("p");
      hint.className = "galley-card__keys";
      hint.textContent = "Enter: tới các liên kết · Esc: đóng";
      card.appendChild(hint);
    }
  }

  function place(figure) {
    var box = (figure.getClientRects()[0] || figure.getBoundingClientRect());
    var width = document.documentElement.clientWidth, gap = 6;
    var left = Math.min(Math.max(gap, box.left), width - card.offsetWidth - gap);
    var below = box.bottom + gap + card.offsetHeight <= window.innerHeight || box.top < card.offsetHeight + gap + 60;
    card.style.left = left + window.scrollX + "px";
    card.style.top = (below ? box.bottom + gap : box.top - gap - card.offsetHeight) + window.scrollY + "px";
  }

  function open(figure) {
    clearTimeout(closing);
    if (shown === figure) return;
    close();
    shown = figure;
    fill(figure);
    card.hidden = false;
    figure.setAttribute("aria-describedby", card.id);
    place(figure);
  }

  function enter() {
    var first = card.querySelector("button, a");
    if (first) first.focus();
  }

  function close() {
    clearTimeout(closing);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  }

  function later() {
    clearTimeout(closing);
    closing = setTimeout(function () { if (!card.contains(document.activeElement)) close(); }, 250);
  }

  /* Trong bảng của một chỉ tiêu, phím mũi tên đi từ ô này sang ô khác; phím Tab chỉ dừng ở một ô. */
  function step(figure, event) {
    var cell = figure.closest("td"), table = figure.closest("table[data-indicator]");
    if (!cell || !table) return;
    var ways = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    var way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    var row = cell.parentNode, rows = table.rows, column = cell.cellIndex, line = row.rowIndex, next = null;
    do {
      line += way[0];
      column += way[1];
      var target = rows[line] && rows[line].cells[column];
      if (!target) return;
      next = target.querySelector("data.figure");
    } while (!next);
    figure.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function figureOf(event) {
    return event.target instanceof Element ? event.target.closest("data.figure") : null;
  }

  function start() {
    build();
    var search = document.querySelector(".md-search[role=dialog]");
    if (search) search.setAttribute("aria-label", "Tìm trong báo cáo");
    document.addEventListener("mouseover", function (event) { var one = figureOf(event); if (one) open(one); });
    document.addEventListener("mouseout", function (event) { if (figureOf(event)) later(); });
    document.addEventListener("focusin", function (event) { var one = figureOf(event); if (one) open(one); });
    document.addEventListener("focusout", function (event) {
      if (figureOf(event) && !card.contains(event.relatedTarget)) close();
    });
    document.addEventListener("click", function (event) {
      var one = figureOf(event);
      if (one) open(one); else if (!card.contains(event.target)) close();
    });
    document.addEventListener("keydown", function (event) {
      var one = figureOf(event), last = shown;
      if (event.key === "Escape" && last) {
        if (card.contains(document.activeElement)) last.focus();
        close();
      }
      if (event.key === "Enter" && one && one === document.activeElement) {
        event.preventDefault();
        open(one);
        enter();
      }
      if (one) step(one, event);
    });
    document.querySelectorAll("table[data-indicator] data.figure").forEach(function (one, number) {
      var first = one.closest("table").querySelector("data.figure") === one;
      one.tabIndex = first ? 0 : -1;
    });
    /* Vùng cuộn ngang phải tới được bằng bàn phím. */
    document.querySelectorAll(".table-scroll:not([tabindex]), .drawing").forEach(function (one, number) {
      var caption = one.parentNode.querySelector("figcaption");
      if (one.scrollWidth <= one.clientWidth) return;
      one.tabIndex = 0;
      if (one.hasAttribute("role")) return;
      one.setAttribute("role", "region");
      one.setAttribute("aria-label", caption ? caption.textContent : "Bảng " + (number + 1) + ", cuộn ngang được");
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();

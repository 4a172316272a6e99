/* Xuất xứ của từng số liệu: một thẻ nhỏ hiện ra khi rê chuột, khi đưa con trỏ bàn phím tới, hoặc khi chạm. */
(function () {
  "use strict";
  var FACTS = [
    ["indicator", "Chỉ tiêu"], ["operation", "Cách tính"], ["period", "Kỳ"],
    ["status", "Tình trạng"], ["source", "Nguồn"], ["note", "Ghi chú"]
  ];
  var card, shown, closing;

  function build() {
    card = document.createElement("div");
    card.id = "galley-card";
    card.className = "galley-card";
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    card.addEventListener("mouseenter", function () { clearTimeout(closing); });
    card.addEventListener("mouseleave", later);
    card.addEventListener("focusout", function (event) {
      if (!card.contains(event.relatedTarget) && event.relatedTarget !== shown) close();
    });
    (document.querySelector("main") || document.body).appendChild(card);
  }

  function fill(figure) {
    card.textContent = "";
    var list = document.createElement("dl");
    FACTS.forEach(function (fact) {
      var text = figure.dataset[fact[0]];
      if (!text) return;
      var term = document.createElement("dt"), value = document.createElement("dd");
      term.textContent = fact[1];
      value.textContent = text;
      list.append(term, value);
    });
    card.appendChild(list);
    if (figure.dataset.href) {
      var link = document.createElement("a");
      link.href = figure.dataset.href;
      link.textContent = "Xem chỉ tiêu, bảng số liệu";
      card.appendChild(link);
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
      var one = figureOf(event);
      if (event.key === "Escape") close();
      if (event.key === "Enter" && one && one.dataset.href) window.location.href = one.dataset.href;
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

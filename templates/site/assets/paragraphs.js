/* Số của đoạn: một bảng nhỏ để chép trích dẫn và gửi góp ý về đoạn, hiện ra cạnh số khi rê chuột, chạm hoặc dùng bàn phím. */
(function () {
  "use strict";
  var LONGEST = 8000, QUOTE = 600, WORDS = 14, SOON = 150, LATE = 350;
  var FOREIGN = ".paragraph, .paragraph-menu, .headerlink, .footnote-ref, .removed, .change-note, del, details, svg";
  var facts, menu, copy, remark, told, field, shown, opening, closing;
  var chosen = { mark: null, text: "" };

  function made(tag, name, words) {
    var one = document.createElement(tag);
    one.className = name;
    one.textContent = words || "";
    return one;
  }

  function build() {
    menu = made("span", "paragraph-menu");
    menu.setAttribute("role", "group");
    copy = made("button", "", "Chép trích dẫn");
    copy.type = "button";
    copy.addEventListener("click", function () { take(citation(shown)); });
    menu.appendChild(copy);
    if (facts.dataset.issue) {
      remark = made("a", "", "Góp ý");
      /* Địa chỉ được điền ngay trước khi mở, vì chữ được chọn có thể vừa đổi. */
      remark.addEventListener("click", function () { remark.href = issue(shown); });
      menu.appendChild(remark);
    }
    told = made("span", "told");
    told.setAttribute("role", "status");
    field = made("textarea", "");
    field.readOnly = true;
    field.hidden = true;
    field.rows = 4;
    field.setAttribute("aria-label", "Trích dẫn để chép");
    menu.append(told, field);
    menu.addEventListener("mouseenter", function () { clearTimeout(closing); });
    menu.addEventListener("mouseleave", later);
    /* Bấm nút không làm mất chữ đang chọn. */
    menu.addEventListener("mousedown", function (event) { if (event.target !== field) event.preventDefault(); });
  }

  /* Những phần tử của một đoạn: một danh sách là các mục của nó cho tới mục có số riêng. */
  function parts(mark) {
    var item = mark.closest("li"), found = [];
    if (!item) return [mark.closest("p, figure, table, dt, dd, .table-scroll, section") || mark.parentNode];
    do { found.push(item); item = item.nextElementSibling; } while (item && !item.querySelector("a.paragraph"));
    return found;
  }

  function evened(text) { return text.replace(/\s+/g, " ").trim(); }

  function cut(text, length) {
    var letters = Array.from(text);
    return letters.length > length ? letters.slice(0, length).join("").trim() + " …" : text;
  }

  /* Chữ của một phần tử hay một mảnh chép ra, không kể số đoạn, chữ đã bỏ và dấu chú thích. */
  function read(node) {
    node.querySelectorAll(FOREIGN).forEach(function (one) { one.remove(); });
    node.querySelectorAll("th, td, tr, li, p, figcaption").forEach(function (one) { one.prepend(" "); });
    return evened(node.textContent);
  }

  /* Chữ người đọc đang chọn trong đoạn; rỗng nếu không chọn gì ở đó. */
  function selected(mark) {
    var selection = window.getSelection(), pieces = parts(mark);
    if (!selection.rangeCount || selection.isCollapsed) return "";
    var whole = document.createRange(), range = selection.getRangeAt(0).cloneRange();
    whole.setStartBefore(pieces[0]);
    whole.setEndAfter(pieces[pieces.length - 1]);
    if (range.compareBoundaryPoints(Range.END_TO_START, whole) >= 0) return "";
    if (range.compareBoundaryPoints(Range.START_TO_END, whole) <= 0) return "";
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(whole.startContainer, whole.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(whole.endContainer, whole.endOffset);
    return read(range.cloneContents());
  }

  /* Những chữ đầu của đoạn: của hình, bảng là tên; của danh sách là mục đầu; của bảng không tên là hàng đầu. */
  function beginning(mark) {
    var block = parts(mark)[0];
    var first = block.querySelector("figcaption") || block.querySelector(block.matches(".table-scroll") ? "tbody tr" : "tr") || block;
    var words = read(first.cloneNode(true)).split(" ");
    return words.slice(0, WORDS).join(" ") + (words.length > WORDS ? " …" : "");
  }

  function quote(mark) {
    return cut(selected(mark) || (chosen.mark === mark && chosen.text) || beginning(mark), QUOTE);
  }

  /* Địa chỉ lâu dài của đoạn; trang mở từ đĩa chỉ ghi tên tệp vì đường dẫn trên máy không dùng được ở máy khác. */
  function address(mark) {
    var page = /^https?:$/.test(location.protocol) ? location.origin + location.pathname : facts.dataset.page;
    return page + "#" + mark.id;
  }

  function citation(mark) {
    return mark.getAttribute("aria-label") + ", " + facts.dataset.cite + ': "' + quote(mark) + '" ' + address(mark);
  }

  /* Điền số đoạn, chữ trích và địa chỉ vào địa chỉ thư góp ý mà lúc dựng trang đã viết sẵn. */
  function filled(words) {
    var parted = facts.dataset.issue.split("?");
    return parted[0] + "?" + parted[1].split("&").map(function (pair) {
      var text = decodeURIComponent(pair.split("=")[1]);
      return pair.split("=")[0] + "=" + encodeURIComponent(text.replace(/\{(doan|trich|dia-chi)\}/g, function (_, name) { return words[name]; }));
    }).join("&");
  }

  function issue(mark) {
    var words = { doan: mark.dataset.number, trich: quote(mark), "dia-chi": address(mark) }, length = QUOTE, made = filled(words);
    while (made.length > LONGEST && length) {
      length = Math.floor(length * 0.8);
      words.trich = cut(words.trich, length);
      made = filled(words);
    }
    return made;
  }

  function take(text) {
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(taken, function () { offer(text); });
    } else offer(text);
  }

  function taken() {
    field.hidden = true;
    place();
    told.textContent = "Đã chép";
  }

  /* Trình duyệt không cho chép thẳng: đưa ra một ô chữ đã chọn sẵn. */
  function offer(text) {
    var done = false;
    field.value = text;
    field.hidden = false;
    place();
    field.focus();
    field.select();
    try { done = document.execCommand("copy"); } catch (_) { done = false; }
    if (done) { copy.focus(); taken(); } else told.textContent = "Nhấn Ctrl+C để chép";
  }

  function open(mark) {
    clearTimeout(opening);
    clearTimeout(closing);
    if (shown === mark) return;
    close();
    shown = mark;
    told.textContent = "";
    field.hidden = true;
    menu.setAttribute("aria-label", mark.getAttribute("aria-label"));
    if (remark) remark.href = issue(mark);
    mark.after(menu);
    place();
  }

  /* Bảng nhỏ nằm trên dòng đầu của đoạn; dưới dòng ấy khi phía trên không đủ chỗ. */
  function place() {
    if (!shown) return;
    var header = document.querySelector(".md-header"), top = header ? header.getBoundingClientRect().bottom : 0;
    menu.classList.toggle("below", shown.getBoundingClientRect().top - menu.offsetHeight < top);
  }

  function close() {
    clearTimeout(opening);
    clearTimeout(closing);
    shown = null;
    menu.remove();
  }

  function later() {
    clearTimeout(opening);
    clearTimeout(closing);
    closing = setTimeout(function () { if (shown && !inside(document.activeElement)) close(); }, LATE);
  }

  function inside(one) { return one === shown || menu.contains(one); }

  function markOf(event) {
    return event.target instanceof Element ? event.target.closest("a.paragraph") : null;
  }

  function start() {
    facts = document.querySelector(".page-facts[data-cite]");
    if (!facts) return;
    build();
    document.addEventListener("mouseover", function (event) {
      var mark = markOf(event);
      if (!mark) return;
      clearTimeout(opening);
      clearTimeout(closing);
      opening = setTimeout(function () { open(mark); }, SOON);
    });
    document.addEventListener("mouseout", function (event) { if (markOf(event)) later(); });
    document.addEventListener("focusin", function (event) { var mark = markOf(event); if (mark) open(mark); });
    document.addEventListener("focusout", function (event) {
      if (shown && inside(event.target) && event.relatedTarget && !inside(event.relatedTarget)) close();
    });
    /* Chạm vào số thì chữ đang chọn mất đi, nên phải giữ lại trước. */
    document.addEventListener("pointerdown", function (event) {
      var mark = markOf(event);
      if (mark) chosen = { mark: mark, text: selected(mark) };
    });
    document.addEventListener("click", function (event) {
      var mark = markOf(event);
      if (mark) open(mark); else if (shown && !menu.contains(event.target)) close();
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !shown) return;
      if (menu.contains(document.activeElement)) shown.focus();
      close();
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();

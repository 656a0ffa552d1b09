// Remembers the click that led to this shop, and tells Accord of an order on the thank-you page.
// On every page:         <script async src="…/api/v1/public/orders.js"></script>
// On the thank-you page: the same with data-sponsor, data-order, data-total, data-currency and,
// where one was used, data-coupon.
(() => {
  "use strict";
  const script = document.currentScript;
  const NAME = "accord_click";
  const LONGEST_WINDOW = 90 * 24 * 60 * 60 * 1000;

  const remember = (click) => {
    try {
      localStorage.setItem(NAME, JSON.stringify({ click, at: Date.now() }));
    } catch {
      // The visitor keeps nothing: then only an order on this very page knows its click.
    }
  };

  const remembered = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(NAME));
      return kept && Date.now() - kept.at < LONGEST_WINDOW ? String(kept.click) : "";
    } catch {
      return "";
    }
  };

  const arrived = new URLSearchParams(location.search).get(NAME);
  if (arrived && /^[0-9a-z]{1,200}$/i.test(arrived)) remember(arrived);

  const { sponsor, order, total, currency, coupon } = script.dataset;
  if (!sponsor || !order || !total || !currency) return;
  const told = new URLSearchParams({ external_id: order, total, currency });
  const click = arrived || remembered();
  if (click) told.set("click_id", click);
  if (coupon) told.set("coupon", coupon);
  const address = new URL(`orders/${encodeURIComponent(sponsor)}/script`, script.src);
  if (!navigator.sendBeacon(address, told)) {
    fetch(address, { method: "POST", mode: "no-cors", keepalive: true, body: told });
  }
})();
